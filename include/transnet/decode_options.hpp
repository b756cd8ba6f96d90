// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/limits.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Selects the frames of a video.
enum class Timing {
  presentation,   ///< every decoded frame once, at its own time stamp
  constant_rate,  ///< as `ffmpeg` writes raw video: repeats and drops frames to fit a constant rate
};

/// How a video is read.
struct DecodeOptions {
  Timing timing = Timing::presentation;
  int threads = 0;            ///< 0 = as FFmpeg chooses
  std::optional<int> stream;  ///< the video stream, numbered as by ffprobe; empty = the stream that `ffmpeg` takes
  /// Frames per second of images, which state no rate: of an image sequence, or of images through a pipe; 0 = 25, as
  /// FFmpeg assumes. Any other input is refused.
  double framerate = 0.0;
  /// Trades the exact bytes of the `ffmpeg` command for speed: no loop filter, a smaller picture if the codec can
  /// decode one (MPEG-1, -2, -4, JPEG), and averaged instead of interpolated pixels. The frames and their times stay
  /// the same. It affects the frames for the network only; pictures and cuts ignore it.
  bool fast = false;
  /// Decodes the video: "auto" and "cpu" are FFmpeg's decoders on the processor. Otherwise a type of device that FFmpeg
  /// knows, "cuda" or "vaapi" for example, with ":" and a device if it is not the first: "cuda:1". If the device cannot
  /// decode the codec, the processor does. It affects the frames for the network only; pictures and cuts ignore it.
  std::string decoder = "auto";
  Limits limits;  ///< limits of one video
  /// The folder for a pipe that must be kept in a temporary file, because it brings an MP4 file whose index stands
  /// behind its pictures. The file has no name, and ends with the decoder. Empty: as
  /// std::filesystem::temp_directory_path().
  std::filesystem::path spool_dir;
  // The part of the video whose frames get pictures: all frames that start at `start_s` or later and before `end_s`. A
  // frame that starts up to a millisecond earlier counts as if it started at that time, because stamps are rounded.
  // Pictures of the full size and cuts ignore the part.
  double start_s = 0.0;  ///< seconds from the first frame
  double end_s = 0.0;    ///< seconds from the first frame; 0 = to the end of the video
  /// This many frames before and after the part get pictures, too: a network needs them. If the order of the frames is
  /// not known beforehand, all frames before the part get one.
  std::int64_t margin_frames = 0;
};

/// @throws Error(invalid_argument) that names the option and its value, also if the part ends before it begins.
TRANSNET_API void validate(const DecodeOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
