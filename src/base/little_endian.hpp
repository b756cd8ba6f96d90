// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace transnet::base {

/// The unsigned number in at most 8 bytes, of which the first one counts least. No bytes are 0.
[[nodiscard]] inline std::uint64_t little_endian(std::span<const std::byte> bytes) noexcept {
  std::uint64_t number = 0;
  for (std::size_t at = bytes.size(); at > 0; --at) {
    number = number << 8U | std::to_integer<std::uint64_t>(bytes[at - 1]);
  }
  return number;
}

}  // namespace transnet::base
