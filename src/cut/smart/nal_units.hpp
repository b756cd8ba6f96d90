// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// The units that packets of H.264 and HEVC are made of.
namespace transnet::media {

using Bytes = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// The units of a packet. `length_bytes`: of the number in front of each; 0: start codes lie between them (Annex B).
/// What cannot be understood is left out with all that follows.
[[nodiscard]] std::vector<Bytes> split_units(Bytes packet, int length_bytes);

/// @throws Error(unsupported) where the unit is too long for the number in front of it.
void append_unit(ByteVector& packet, Bytes unit, int length_bytes);

}  // namespace transnet::media
