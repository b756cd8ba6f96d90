// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace command {

/// RFC 4648, with padding.
[[nodiscard]] inline std::string to_base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.subspan(at, std::min<std::size_t>(3, bytes.size() - at));
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < group.size() ? group[i] : 0U);
    for (std::size_t letter = 0; letter < 4; ++letter) {
      text += letter <= group.size() ? alphabet[bits >> (18 - 6 * letter) & 63U] : '=';
    }
  }
  return text;
}

[[nodiscard]] inline std::string to_base64(std::string_view text) {
  return to_base64(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

/// The bytes of numbers in the order that JavaScript's typed arrays use on all machines that run browsers.
template <typename Number>
[[nodiscard]] std::string numbers_to_base64(std::span<const Number> numbers) {
  static_assert(std::endian::native == std::endian::little);
  return to_base64(std::span(reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size_bytes()));
}

}  // namespace command
