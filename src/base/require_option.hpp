// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/number_text.hpp"
#include "transnet/abi.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

/// @throws Error(invalid_argument) "OPTION is VALUE, it must be RULE" unless `holds`.
inline void require_option(bool holds, std::string_view option, double value, std::string_view rule) {
  if (holds) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(option) + " is " + number_text(value) + ", it must be " + std::string(rule));
}

}  // namespace transnet::inline TRANSNET_ABI
