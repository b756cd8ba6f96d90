// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "transnet/abi.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/error.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/video_metadata.hpp"

namespace transnet::inline TRANSNET_ABI {

/// One decoded frame: 48x27 RGB24 and when it is shown.
struct Frame {
  std::array<std::uint8_t, frame_bytes> rgb{};
  /// When it is shown. `presentation`: on the container's own clock, not shifted to zero; where the stamps of a joined
  /// MPEG stream jump, it goes on without the jump, and a frame without a stamp follows the one before.
  /// `constant_rate`: the frame's number divided by the rate.
  double time_s = 0.0;
  double duration_s = 0.0;  ///< how long it is shown, as far as the file says; 0 = it does not say
};

/// How the decoding of a stream went, up to now.
struct DecodeReport {
  std::int64_t frame_count = 0;       ///< frames handed out
  std::int64_t bad_packet_count = 0;  ///< packets that the decoder refused, skipped
  /// Why the stream ended early; empty = it did not, or it is of a format that does not tell, as MPEG streams.
  std::string error;
  ErrorCode error_code = ErrorCode::invalid_media;  ///< of `error`: io where bytes could not be read
};

/// Reads a video's frames at 48x27 RGB24, one after the other, in memory that does not depend on the length.
///
/// The bytes are those of `ffmpeg -i FILE -f rawvideo -pix_fmt rgb24 -s 48x27 -` with the same FFmpeg libraries: one
/// bicubic scale and conversion, after the rotation of the display matrix.
/// Nothing but the file itself is opened: a playlist is refused. The content says what the file is, its name plays no
/// part. FIFOs work too. One decoder serves one thread at a time.
class TRANSNET_API FrameDecoder {
 public:
  /// @throws Error: not_found, permission_denied, io, invalid_media, unsupported, limit_exceeded, out_of_memory,
  /// invalid_argument as `validate(options)`; no_video_stream, naming the streams that are there where `options.stream`
  /// is not one of them. A request on `stop` makes the decoder throw Error(cancelled), inside a blocked read too.
  explicit FrameDecoder(const std::filesystem::path& file, const DecodeOptions& options = {},
                        std::stop_token stop = {});

  /// Decodes a file that lies in memory; the bytes must outlive the decoder. `name` stands in error messages.
  [[nodiscard]] static FrameDecoder from_memory(std::span<const std::byte> bytes, const DecodeOptions& options = {},
                                                const std::string& name = "video in memory", std::stop_token stop = {});

  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;

  /// What the container says, filled as NeMo Curator's `extract_video_metadata` does over ffprobe's output, but for the
  /// stream that is decoded, where the reference takes the last video stream, a cover picture included. What the
  /// container does not say stays empty, where the reference raises.
  [[nodiscard]] const VideoMetadata& metadata() const noexcept;

  /// Reads the next frame into `frame`; false at the end of the stream. Damaged packets are skipped and counted; a
  /// stream that ends early ends here too, and `report().error` says why.
  /// @throws Error: no_frames where the stream ends before its first frame, limit_exceeded, out_of_memory, cancelled.
  [[nodiscard]] bool read(Frame& frame);

  /// How decoding has gone so far.
  [[nodiscard]] const DecodeReport& report() const noexcept;

 private:
  class Impl;
  explicit FrameDecoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// All frames of the rest of a video, shape [n, 27, 48, 3].
[[nodiscard]] TRANSNET_API FrameArray read_all_frames(FrameDecoder& decoder);

/// Turns off what FFmpeg itself writes to standard error, for the whole process: FFmpeg has one log level for all its
/// users, so the program decides, never this library. What matters is in the errors and reports all the same.
TRANSNET_API void silence_ffmpeg_log() noexcept;

}  // namespace transnet::inline TRANSNET_ABI
