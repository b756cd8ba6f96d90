// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/export.hpp"
#include "transnet/status.hpp"
#include "transnet/time_span.hpp"

namespace transnet::inline TRANSNET_ABI {

// Of the library transnet::cut, which is built on transnet::transnet.

/// How a clip is cut out.
enum class CutMode {
  copy,      ///< packets as they are, without loss: the file begins at the keyframe at or before the clip's first frame
  reencode,  ///< exactly the clip's frames; pictures and sound are encoded anew, everything else is copied
  smart,     ///< exactly the clip's frames; pictures are encoded anew up to the first packet that can be copied and
             ///< behind the last one, sound as with `reencode`. Where nothing can be copied, it is `reencode`.
};

/// "copy", "reencode", "smart"
[[nodiscard]] TRANSNET_API std::string_view to_string(CutMode mode) noexcept;

/// How clips are cut out of a video.
struct CutOptions {
  CutMode mode = CutMode::reencode;
  /// An encoder or a codec, as FFmpeg names it, for what is encoded anew. What `smart` joins with packets of the video
  /// is encoded by libx264 or libx265, as the video is.
  std::string video_codec = "libx264";
  std::string audio_codec = "aac";  ///< the same for sound
  std::optional<double> crf;        ///< quality on the encoder's own scale; empty = its default
  std::string preset;               ///< speed, as the encoder names it; empty = its default
  bool overwrites = false;          ///< a file that is there already is replaced; false: the clip fails
  DecodeOptions decode;  ///< its threads are for encoding as well, its limits for all clips of the video together, and
                         ///< its timing must be `presentation`
};

/// Looks for the encoders, but for `copy`.
/// @throws Error(invalid_argument) that names the option and its value; of an encoder, also those that are there.
TRANSNET_API void validate(const CutOptions& options);

/// A clip by its frames [start_frame, end_frame) and its times, as `find_clips` gives them: the first frame that is
/// shown is number 0, at 0 seconds. The frame at `end_s` is not part of the clip.
struct CutRequest : TimeSpan {
  std::filesystem::path file;  ///< to be written; its ending says in which container
};

/// What became of one clip. Where it failed, no file was written, and one that was there is as it was.
struct CutResult {
  std::filesystem::path file;
  Status status = Status::complete;  ///< partial: the video ends before the clip does; the file holds what there was
  std::optional<Failure> failure;
  double start_s = 0.0;  ///< what the file holds, on the request's clock
  double end_s = 0.0;
  std::int64_t frame_count = 0;      ///< pictures that the file shows
  std::int64_t early_frames = 0;     ///< of them before the first one that was asked for; 0 but for `copy`
  std::int64_t late_frames = 0;      ///< of them after the last one that was asked for; 0 but for `copy`
  std::int64_t encoded_frames = 0;   ///< of them encoded anew
  CutMode mode = CutMode::reencode;  ///< how it was cut: `reencode` where `smart` could copy nothing
  std::string mode_reason;           ///< why it was not cut as it was asked for; empty: it was
  std::vector<std::string> warnings;
};

/// Cuts clips out of a video, each into a file of its own that appears under its name once it is whole. Results are in
/// the order of the requests; one that fails does not keep the others from being cut.
///
/// The video is read from front to back, whatever its index says (`copy` and `smart`: twice, so `copy` takes no pipe).
/// Kept are all streams that the container takes, time stamps of variable rate, metadata, languages, dispositions,
/// chapters (shifted), rotation, colour and HDR tags. What is left out is named in `warnings`.
///
/// `copy` cuts between packets: a run of them from a keyframe to the last one that a frame of the clip needs.
/// `reencode` counts decoded frames as `FrameDecoder` does; sound is cut at the sample. `smart` does the same, and
/// copies the packets from the first closed keyframe in the clip to the last one up to which all pictures of the clip
/// are whole, of H.264 and HEVC in MP4, QuickTime and Matroska.
///
/// Any number of threads may call it at the same time, for different files. A request on `stop` makes it throw
/// Error(cancelled).
/// @throws Error: invalid_argument for requests that make no sense, two of the same file, a file that is the video
/// itself, and as `validate`; as `FrameDecoder` where the video cannot be read at all; cancelled.
[[nodiscard]] TRANSNET_API std::vector<CutResult> cut_clips(const std::filesystem::path& video,
                                                            std::span<const CutRequest> clips,
                                                            const CutOptions& options = {},
                                                            const std::stop_token& stop = {});

}  // namespace transnet::inline TRANSNET_ABI
