// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/byte_reader.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/error.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/video_metadata.hpp"

namespace transnet::inline TRANSNET_ABI {

/// One decoded frame and its time.
struct Frame {
  std::vector<std::uint8_t> rgb;  ///< pixels of RGB24, rows from the top, of the decoder's `frame_size`
  /// When the frame is shown. `presentation`: on the container's own clock, not shifted to zero. If the stamps of a
  /// joined MPEG stream jump, the time continues without the jump; a frame without a stamp follows its predecessor.
  /// `constant_rate`: the frame's number divided by the rate.
  double time_s = 0.0;
  double duration_s = 0.0;  ///< how long it is shown, as the file states; 0 = unknown
  /// False for frames outside the part that `DecodeOptions::start_s` and `end_s` name, and for frames of `read_time`:
  /// `rgb` is then not set.
  bool has_picture = true;
};

/// The state of the decoding of a stream.
struct DecodeReport {
  std::int64_t frame_count = 0;       ///< frames handed out
  std::int64_t bad_packet_count = 0;  ///< packets that the decoder refused and skipped
  /// Why the stream ended early; empty = it did not, or its format cannot tell, such as MPEG streams.
  std::string error;
  ErrorCode error_code = ErrorCode::invalid_media;  ///< code of `error`: io if bytes could not be read
  /// Whether the last picture was one that the library scales itself, with the bytes of libavfilter in less time.
  bool has_own_scaler = false;
  /// `DecodeOptions::decoder` names a device, but it cannot decode the video: the processor decoded the last picture.
  bool lacks_device = false;
  double scaling_s = 0.0;  ///< seconds in which pictures were scaled; the decoder's threads may have worked meanwhile
};

/// Reads a video's frames at 48x27 RGB24, or another size, one after the other, in memory that does not depend on the
/// length.
///
/// The bytes equal the output of `ffmpeg -i FILE -f rawvideo -pix_fmt rgb24 -s 48x27 -` with the same FFmpeg libraries:
/// one bicubic scale and conversion, after the rotation of the display matrix. Only the file itself is opened: a
/// playlist is refused. The format is detected from the content, not from the name. FIFOs work too. One decoder serves
/// one thread at a time.
///
/// With `DecodeOptions::start_s` or `end_s`, all frames of the video come, with their times, but frames outside the
/// part have no picture. If the packets of a file or of bytes in memory tell the order of the frames, decoding begins
/// at the keyframe before the part and ends behind it. The frames outside are then counted by their packets, and damage
/// there is not noticed. Otherwise the whole video is decoded, for the same result in more time: pipes, readers and
/// images; `Timing::constant_rate`; stamps that jump, repeat or are missing; frames that an edit list hides; codecs and
/// pictures of fields in which a packet need not be a frame; H.264 that was joined within groups of pictures; damaged
/// packets.
class TRANSNET_API FrameDecoder {
 public:
  /// @throws Error: not_found, permission_denied, io, invalid_media, unsupported, limit_exceeded, out_of_memory;
  /// invalid_argument as `validate(options)` and `validate(frame_size)`; no_video_stream, which lists the video streams
  /// if `options.stream` is not one of them. A request on `stop` makes the decoder throw Error(cancelled), even inside
  /// a blocked read.
  explicit FrameDecoder(const std::filesystem::path& file, const DecodeOptions& options = {}, std::stop_token stop = {},
                        const FrameSize& frame_size = {});

  /// Decodes a file in memory; the bytes must outlive the decoder. Error messages use `name`.
  [[nodiscard]] static FrameDecoder from_memory(std::span<const std::byte> bytes, const DecodeOptions& options = {},
                                                const std::string& name = "video in memory", std::stop_token stop = {},
                                                const FrameSize& frame_size = {});

  /// Decodes the bytes of a reader, which must outlive the decoder. A reader without a size that brings an MP4 file
  /// whose index stands behind its pictures is read to its end first, into `options.spool_dir`. The reader's exceptions
  /// come out of this function and of `read`. `options.limits.max_stall_s` has no effect, because the reader itself
  /// waits. Error messages use `name`.
  [[nodiscard]] static FrameDecoder from_reader(ByteReader& reader, const DecodeOptions& options,
                                                const std::string& name, std::stop_token stop = {},
                                                const FrameSize& frame_size = {});

  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;

  /// The metadata of the container, like NeMo Curator's `extract_video_metadata` over ffprobe's output, with two
  /// differences. It describes the decoded stream; the reference takes the last video stream, even a cover picture. A
  /// value that the container does not state stays empty; the reference raises an exception. The first `read` adds the
  /// timecode if only the pictures have it.
  [[nodiscard]] const VideoMetadata& metadata() const noexcept;

  /// The size of the frames.
  [[nodiscard]] const FrameSize& frame_size() const noexcept;

  /// The unit of the stream's time stamps, seconds.
  [[nodiscard]] double tick_s() const noexcept;

  /// Reads the next frame into `frame`; false at the end of the stream. Damaged packets are skipped and counted. If a
  /// stream ends early, `report().error` gives the reason.
  /// @throws Error: no_frames if the stream ends before its first frame, limit_exceeded, out_of_memory, cancelled.
  [[nodiscard]] bool read(Frame& frame);

  /// As `read`, for the time alone: the frame has no picture, which takes less time. The stream ends where it ends for
  /// `read`.
  /// @throws as `read`
  [[nodiscard]] bool read_time(Frame& frame);

  /// The state of the decoding so far.
  [[nodiscard]] const DecodeReport& report() const noexcept;

 private:
  class Impl;
  explicit FrameDecoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Reads all remaining frames that have a picture, shape [n, 27, 48, 3]: 3,888 bytes a frame, unless the decoder's
/// `frame_size` is another one.
/// @throws as `FrameDecoder::read`
[[nodiscard]] TRANSNET_API FrameArray read_all_frames(FrameDecoder& decoder);

/// Stops FFmpeg's own messages on standard error, for the whole process. FFmpeg has one log level for all its users, so
/// the program must decide, not this library. Any thread may call it. Errors and reports still hold everything
/// important.
TRANSNET_API void silence_ffmpeg_log() noexcept;

}  // namespace transnet::inline TRANSNET_ABI
