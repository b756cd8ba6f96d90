// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Frames [start_frame, end_frame) of a video and their time, [start_s, end_s) in seconds.
struct TimeSpan {
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
  double start_s = 0.0;
  double end_s = 0.0;

  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// Frames [start_frame, end_frame) of a video.
struct FrameRange {
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;

  /// Number of frames.
  [[nodiscard]] constexpr std::int64_t length() const noexcept { return end_frame - start_frame; }

  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

}  // namespace transnet::inline TRANSNET_ABI
