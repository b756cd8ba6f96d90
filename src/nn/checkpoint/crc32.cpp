// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/crc32.hpp"

#include <array>

namespace transnet::nn {
namespace {

// tables[n][byte]: what a byte adds to the remainder if n further bytes follow it. Eight bytes are divided at once.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1U ^ ((remainder & 1U) != 0 ? 0xedb88320U : 0U);
    tables[0][byte] = remainder;
  }
  for (std::size_t n = 1; n < tables.size(); ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[n - 1][byte];
      tables[n][byte] = before >> 8U ^ tables[0][before & 0xffU];
    }
  }
  return tables;
}

constexpr CrcTables crc_tables = make_crc_tables();

}  // namespace

std::uint32_t crc32_of(std::span<const std::byte> bytes) noexcept {
  std::uint32_t remainder = 0xffffffffU;
  const auto byte_at = [&](std::size_t at) { return std::to_integer<std::uint32_t>(bytes[at]); };
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    remainder ^= byte_at(0) | byte_at(1) << 8U | byte_at(2) << 16U | byte_at(3) << 24U;
    remainder = crc_tables[7][remainder & 0xffU] ^ crc_tables[6][remainder >> 8U & 0xffU] ^
                crc_tables[5][remainder >> 16U & 0xffU] ^ crc_tables[4][remainder >> 24U] ^ crc_tables[3][byte_at(4)] ^
                crc_tables[2][byte_at(5)] ^ crc_tables[1][byte_at(6)] ^ crc_tables[0][byte_at(7)];
  }
  for (std::size_t at = 0; at < bytes.size(); ++at)
    remainder = remainder >> 8U ^ crc_tables[0][(remainder ^ byte_at(at)) & 0xffU];
  return ~remainder;
}

}  // namespace transnet::nn
