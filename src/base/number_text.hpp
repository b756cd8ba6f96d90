// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The shortest text that gives the same number when read: "2", "0.4", "nan".
[[nodiscard]] inline std::string number_text(double value) {
  std::string text(32, '\0');
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  text.resize(static_cast<std::size_t>(result.ptr - text.data()));
  return text;
}

/// For messages: rounded to thousandths.
[[nodiscard]] inline double thousandths(double value) { return std::round(value * 1e3) / 1e3; }

/// The same as `number_text` without an exponent: "0.00001".
[[nodiscard]] inline std::string decimal_text(double value) {
  std::string text(400, '\0');  // the longest numbers have some 340 characters
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  text.resize(static_cast<std::size_t>(result.ptr - text.data()));
  return text;
}

}  // namespace transnet::inline TRANSNET_ABI
