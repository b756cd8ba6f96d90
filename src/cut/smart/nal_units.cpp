// SPDX-License-Identifier: Apache-2.0
#include "cut/smart/nal_units.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr std::size_t start_code_bytes = 3;  // 0 0 1

/// The next start code at or after `from`; the packet's size if there is none.
std::size_t find_start_code(Bytes packet, std::size_t from) noexcept {
  while (from + start_code_bytes <= packet.size()) {
    const std::uint8_t* last = packet.data() + from + start_code_bytes - 1;
    const void* found = std::memchr(last, 1, static_cast<std::size_t>(packet.data() + packet.size() - last));
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - packet.data());
    if (packet[at - 1] == 0 && packet[at - 2] == 0) return at - 2;
    from = at - 1;
  }
  return packet.size();
}

/// Zeros between two units belong to neither.
Bytes without_zeros_at_the_end(Bytes unit) noexcept {
  while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);
  return unit;
}

std::vector<Bytes> split_at_start_codes(Bytes packet) {
  std::vector<Bytes> units;
  for (std::size_t at = find_start_code(packet, 0); at < packet.size();) {
    const std::size_t begin = at + start_code_bytes;
    at = find_start_code(packet, begin);
    const Bytes unit = without_zeros_at_the_end(packet.subspan(begin, at - begin));
    if (!unit.empty()) units.push_back(unit);
  }
  return units;
}

}  // namespace

Bytes bytes_of(const AVPacket& packet) noexcept {
  return {packet.data, static_cast<std::size_t>(std::max(packet.size, 0))};
}

std::vector<Bytes> split_units(Bytes packet, int length_bytes) {
  if (length_bytes == 0) return split_at_start_codes(packet);
  std::vector<Bytes> units;
  const auto prefix = static_cast<std::size_t>(length_bytes);
  while (packet.size() > prefix) {
    std::size_t length = 0;
    for (const std::uint8_t byte : packet.first(prefix)) length = length << 8 | byte;
    packet = packet.subspan(prefix);
    if (length > packet.size()) break;
    if (length > 0) units.push_back(packet.first(length));
    packet = packet.subspan(length);
  }
  return units;
}

void append_unit(ByteVector& packet, Bytes unit, int length_bytes) {
  if (length_bytes == 0) {
    constexpr std::array<std::uint8_t, 4> start_code = {0, 0, 0, 1};
    packet.insert(packet.end(), start_code.begin(), start_code.end());
  } else {
    if (unit.size() >> (8 * length_bytes) != 0) {
      throw Error(ErrorCode::unsupported, "a unit is too long for its length field");
    }
    for (int byte = length_bytes - 1; byte >= 0; --byte) {
      packet.push_back(static_cast<std::uint8_t>(unit.size() >> (8 * byte)));
    }
  }
  packet.insert(packet.end(), unit.begin(), unit.end());
}

}  // namespace transnet::media
