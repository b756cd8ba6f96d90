// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
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
  copy,      ///< copies packets without loss: the file begins at the keyframe at or before the clip's first frame
  reencode,  ///< exactly the clip's frames; pictures and sound are encoded, everything else is copied
  smart,  ///< exactly the clip's frames; encodes only the pictures before the first packet that can be copied and after
          ///< the last one, and the sound like `reencode`. If nothing can be copied, it acts like `reencode`.
};

/// "copy", "reencode", "smart"
[[nodiscard]] TRANSNET_API std::string_view to_string(CutMode mode) noexcept;

/// How clips are cut out of a video.
struct CutOptions {
  CutMode mode = CutMode::reencode;
  /// FFmpeg's name of the encoder or codec for encoded pictures. `smart` ignores it for pictures that it joins with
  /// copied packets: it uses libx264 or libx265, to match the video.
  std::string video_codec = "libx264";
  std::string audio_codec = "aac";  ///< the same for sound
  std::optional<double> crf;        ///< quality on the encoder's own scale; empty = the encoder's default
  std::string preset;               ///< speed preset of the encoder; empty = the encoder's default
  /// Names and values of further FFmpeg options of the video encoder, such as {"profile", "dnxhr_hq"} for `dnxhd`.
  std::vector<std::pair<std::string, std::string>> encoder_options;
  bool overwrites = false;  ///< true: replaces an existing file; false: the clip fails
  DecodeOptions decode;  ///< its threads also encode, its limits cover all clips of the video together, and its timing
                         ///< must be `presentation`
};

/// Checks that the encoders exist (except in copy mode).
/// @throws Error(invalid_argument) that names the option and its value and, for an encoder, the ones that exist.
TRANSNET_API void validate(const CutOptions& options);

/// A clip: its frames [start_frame, end_frame) and its times, as `find_clips` gives them. The first frame shown is
/// number 0, at 0 seconds. The frame at `end_s` is not part of the clip.
struct CutRequest : TimeSpan {
  std::filesystem::path file;  ///< file to write; its ending selects the container
};

/// The result of one clip. If it failed, no file was written, and an existing file is unchanged.
struct CutResult {
  std::filesystem::path file;
  Status status = Status::complete;  ///< partial: the video ends before the clip; the file holds all frames up to there
  std::optional<Failure> failure;
  double start_s = 0.0;  ///< start of the file's pictures, on the request's clock
  double end_s = 0.0;
  std::int64_t frame_count = 0;      ///< pictures that the file shows
  std::int64_t early_frames = 0;     ///< pictures before the first requested one; 0 except in copy mode
  std::int64_t late_frames = 0;      ///< pictures after the last requested one; 0 except in copy mode
  std::int64_t encoded_frames = 0;   ///< pictures that were encoded
  CutMode mode = CutMode::reencode;  ///< how it was cut: `reencode` if `smart` could copy nothing
  std::string mode_reason;           ///< why the mode differs from the requested one; empty: it does not
  std::vector<std::string> warnings;
};

/// The file name ending, with its dot, of a container that takes the clips of a video. Copies have the ending of the
/// video, or the usual one of its container if FFmpeg writes no files with that ending.
/// Encoded clips go to MP4, or from Matroska to Matroska, which also holds subtitles and attachments that MP4 cannot
/// hold; if that cannot hold what the encoders write, to QuickTime or Matroska. For `copy`, it reads the video's
/// beginning; otherwise it opens nothing. `wanted`: the ending of a container that the caller has chosen, such as
/// ".mxf", which is returned.
/// @throws Error: unsupported if the video cannot be copied or the wanted container cannot hold the clips, with the
/// ones that can; as `FrameDecoder` if the video cannot be read; cancelled.
[[nodiscard]] TRANSNET_API std::string clip_ending(const std::filesystem::path& video, const CutOptions& options = {},
                                                   const std::string& wanted = {}, const std::stop_token& stop = {});

/// Cuts clips out of a video. Each clip goes to its own file, which appears under its name once it is complete. The
/// results are in the order of the requests; one failed clip does not stop the others.
///
/// The video is read from front to back, regardless of its index (`copy` and `smart` read it twice, so `copy` takes no
/// pipe). The clip keeps all streams that the container takes, time stamps of variable rate, metadata, languages,
/// dispositions, chapters (shifted), rotation, colour and HDR tags. `warnings` names everything that is left out.
///
/// `copy` cuts between packets: from a keyframe to the last packet that a frame of the clip needs. `reencode` counts
/// decoded frames as `FrameDecoder` does and cuts sound at the sample. `smart` does the same, but copies packets: from
/// the first closed keyframe in the clip up to the last packet at which all pictures so far are complete. It does so
/// for H.264 and HEVC in MP4, QuickTime and Matroska.
///
/// Any number of threads may call it at the same time, for different files. A request on `stop` makes it throw
/// Error(cancelled).
/// @throws Error: invalid_argument for impossible requests, for two requests with the same file, for a file that is the
/// video itself, and as `validate`; as `FrameDecoder` if the video cannot be read; cancelled.
[[nodiscard]] TRANSNET_API std::vector<CutResult> cut_clips(const std::filesystem::path& video,
                                                            std::span<const CutRequest> clips,
                                                            const CutOptions& options = {},
                                                            const std::stop_token& stop = {});

}  // namespace transnet::inline TRANSNET_ABI
