// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/limits.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Which frames a video has.
enum class Timing {
  presentation,   ///< every decoded frame once, at its own time stamp
  constant_rate,  ///< as `ffmpeg` writes raw video: frames repeated and dropped to fit a constant rate
};

/// How a video is read.
struct DecodeOptions {
  Timing timing = Timing::presentation;
  int threads = 0;            ///< 0 = as FFmpeg chooses
  std::optional<int> stream;  ///< the video stream, as ffprobe numbers all streams; empty = the one that `ffmpeg` takes
  /// Trades the `ffmpeg` command's exact bytes for speed: no loop filter, a smaller picture where the codec can decode
  /// one (MPEG-1, -2, -4, JPEG), and every pixel averaged instead of interpolated. The frames and their times stay the
  /// same. Only for frames of 48x27: pictures and cuts ignore it.
  bool fast = false;
  Limits limits;  ///< the cost of one video
};

/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API void validate(const DecodeOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
