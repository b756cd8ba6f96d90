// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/ffmpeg.hpp"

/// The units of H.264 and HEVC packets.
namespace transnet::media {

using Bytes = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

[[nodiscard]] Bytes bytes_of(const AVPacket& packet) noexcept;

/// The units of a packet. `length_bytes`: size of the length field before each unit; 0: start codes separate them
/// (Annex B). From the first invalid unit on, everything is left out.
[[nodiscard]] std::vector<Bytes> split_units(Bytes packet, int length_bytes);

/// @throws Error(unsupported) if the unit is too long for its length field.
void append_unit(ByteVector& packet, Bytes unit, int length_bytes);

}  // namespace transnet::media
