// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Limits on the cost of reading one video. A video that exceeds one ends with Error(limit_exceeded), which names it.
struct Limits {
  double max_stall_s = 60.0;  ///< longest time without data from a pipe; 0 = off
  double max_time_s = 0.0;    ///< from opening to the last frame, including the caller's work between frames; 0 = off
  /// Decoded pictures that FFmpeg's own decoders hold at a time, GB of 10^9 bytes; 0 = off. It does not count the
  /// container's tables, packets, or the pictures of external decoders that FFmpeg wraps.
  double max_picture_memory_gb = 4.0;
  std::int64_t max_pixels = std::int64_t{16384} * 16384;  ///< of one picture; 0 = off
  double max_spool_gb = 16.0;  ///< longest pipe that is kept in `DecodeOptions::spool_dir`, GB of 10^9 bytes; 0 = off
};

/// @throws Error(invalid_argument) that names the limit and its value.
TRANSNET_API void validate(const Limits& limits);

}  // namespace transnet::inline TRANSNET_ABI
