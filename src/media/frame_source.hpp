// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "media/byte_source.hpp"
#include "media/constant_frame_rate.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "media/video_decoder.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// A frame of a video that is decoded from front to back.
struct DecodedFrame {
  const AVFrame& picture;             ///< valid until the next frame is requested
  std::int64_t number = 0;            ///< from 0
  bool is_repeated = false;           ///< shows the same picture as the previous frame; only with `constant_rate`
  double time_s = 0.0;                ///< as in `Frame`
  double duration_s = 0.0;            ///< as in `Frame`
  std::int64_t stamp = 0;             ///< `presentation`: `time_s` in units of the stream's time base
  std::int64_t end_stamp = 0;         ///< `presentation`: expected start of the next frame, later than `stamp`
  std::int64_t bad_packet_count = 0;  ///< of the video so far
};

/// Opens a video, decodes it and numbers its frames, with either timing. All readers of frames use this one numbering.
class FrameSource {
 public:
  /// Error messages use `name`; the deadline must outlive the source. `search_bytes`: as in `Demuxer`; `frame_size`: as
  /// in `VideoDecoder`.
  /// @throws Error as `Demuxer` and `VideoDecoder`.
  FrameSource(std::unique_ptr<ByteSource> bytes, std::string name, Deadline& deadline, const DecodeOptions& options,
              std::int64_t search_bytes = 0, const FrameSize& frame_size = {});

  /// As `VideoDecoder::start_at`. Frames are then numbered from there.
  void start_at(std::int64_t packet) noexcept { decoder_.start_at(packet); }

  /// The next frame; empty at the end.
  /// @throws Error as `VideoDecoder::next`.
  [[nodiscard]] std::optional<DecodedFrame> next();

  [[nodiscard]] Demuxer& demuxer() noexcept { return demuxer_; }
  [[nodiscard]] const std::string& name() const noexcept { return demuxer_.name(); }
  [[nodiscard]] AVStream& stream() const noexcept { return demuxer_.stream(); }
  /// Number of frames returned so far.
  [[nodiscard]] std::int64_t frame_count() const noexcept { return frame_count_; }
  [[nodiscard]] std::int64_t bad_packet_count() const noexcept { return decoder_.bad_packet_count(); }
  /// As `VideoDecoder::is_by_device`.
  [[nodiscard]] bool is_by_device() const noexcept { return decoder_.is_by_device(); }
  /// As `Demuxer::early_end`.
  [[nodiscard]] const EarlyEnd& early_end() const noexcept { return decoder_.early_end(); }

 private:
  struct Decoded {
    FramePtr picture = make_frame();
    bool was_given = false;
  };

  void decode();
  [[nodiscard]] DecodedFrame number(const AVFrame& picture);

  Demuxer demuxer_;
  VideoDecoder decoder_;
  Timing timing_;
  bool has_ended_ = false;
  AVRational rate_{0, 1};                           // of the output, known with the first picture
  std::optional<ConstantFrameRate> constant_rate_;  // from the first picture on, with that timing
  ConstantFrameRate::Copies copies_;                // copies still to return
  Decoded current_;
  Decoded previous_;  // only with `constant_rate`
  std::int64_t frame_count_ = 0;
  double expected_time_s_ = 0.0;  // of the next frame if it has no stamp
};

}  // namespace transnet::media
