// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/frame_order.hpp"
#include "media/frame_source.hpp"
#include "media/video_part.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// Opens the bytes of a video once more.
using OpenAgain = std::function<std::unique_ptr<ByteSource>(Deadline&)>;

/// The frames of a whole video, of which only the part that the options name must have pictures.
///
/// If the packets alone tell the order of the frames, decoding begins at the keyframe before the part and ends behind
/// it. Otherwise everything is decoded, so that numbers and times are right in any case.
class PartReader {
 public:
  struct Frame {
    double time_s = 0.0;               ///< as in `transnet::Frame`
    double duration_s = 0.0;           ///< the same
    const AVFrame* picture = nullptr;  ///< null: none; valid until the next frame is requested
    bool repeats_picture = false;      ///< shows the same picture as the frame before, which had one
  };

  /// `whole`: the video; nothing has been read from it. `open_again`: empty if the bytes can be read only once.
  PartReader(FrameSource& whole, OpenAgain open_again, Deadline& deadline, const DecodeOptions& options,
             const FrameSize& frame_size);

  /// The next frame; empty at the end.
  /// @throws Error as `FrameSource`.
  [[nodiscard]] std::optional<Frame> next();

  /// Whether the packets do not tell the order of the frames; known after the first `next`.
  [[nodiscard]] bool decodes_whole() const noexcept { return !order_; }

  /// `picture_timecode` of the video's first picture. Call it once, after the first `next`.
  [[nodiscard]] std::optional<std::string> first_timecode();

  [[nodiscard]] std::int64_t bad_packet_count() const noexcept;
  /// As `Demuxer::early_end`, once `next` has returned nothing.
  [[nodiscard]] EarlyEnd early_end() const;

 private:
  /// The frames of a known order that have pictures: [first, end).
  struct Wanted {
    std::size_t first = 0;
    std::size_t end = 0;
  };

  void plan();
  [[nodiscard]] Wanted wanted_of(const FrameOrder& order) const;
  [[nodiscard]] bool starts_right();
  [[nodiscard]] std::optional<DecodedFrame> decoded_from(std::int64_t stamp);
  [[nodiscard]] std::optional<Frame> next_of_whole();
  [[nodiscard]] std::optional<Frame> next_of_order();

  FrameSource& whole_;
  OpenAgain open_again_;
  Deadline& deadline_;
  DecodeOptions options_;
  FrameSize frame_size_;
  VideoPart part_;
  bool is_planned_ = false;

  // Of a whole decode.
  std::int64_t frames_behind_ = 0;  // the part
  bool had_picture_ = false;        // the last frame
  std::optional<std::string> first_timecode_;

  // Of a known order; empty otherwise.
  std::optional<FrameOrder> order_;
  Wanted wanted_;
  std::size_t next_ = 0;
  std::unique_ptr<FrameSource> source_;  // begins at a keyframe; null if no frame has a picture
  std::optional<DecodedFrame> decoded_;  // the first wanted frame, until it is given out
  std::int64_t bad_packets_before_ = 0;  // that frame
};

}  // namespace transnet::media
