// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace transnet::nn {

/// The CRC-32 of zip archives (ITU-T V.42: reflected, polynomial 0x04c11db7).
[[nodiscard]] std::uint32_t crc32_of(std::span<const std::byte> bytes) noexcept;

}  // namespace transnet::nn
