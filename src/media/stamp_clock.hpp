// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A stamp may be so far from where it is expected before it counts as a jump.
inline constexpr std::int64_t jump_threshold_us = 10 * std::int64_t{AV_TIME_BASE};
/// A decoding stamp may lie so far behind an earlier one before it counts as a jump.
inline constexpr std::int64_t backward_tolerance_us = std::int64_t{AV_TIME_BASE} / 10;

/// Whether the time stamps of a format may jump: MPEG streams that were joined.
[[nodiscard]] inline bool may_jump(const AVFormatContext& format) noexcept {
  return (format.iformat->flags & AVFMT_TS_DISCONT) != 0;
}

/// The stamps of one stream on a clock that goes on where the stamps of a joined MPEG stream jump: the one rule for
/// jumps, for pictures that are decoded and for packets that are copied. Stamps of other formats keep their values.
///
/// A decoding stamp jumps where it lies more than ten seconds from the place that it is expected at, or more than a
/// tenth of a second before the last one. The expected place is as far behind the last stamp as that one behind the
/// stamp before it; behind a lone packet it is as far as the packet lasts.
class StampClock {
 public:
  /// Both must outlive the clock.
  StampClock(const AVFormatContext& format, AVStream& stream)
      : format_(format), stream_(stream), may_jump_(media::may_jump(format)) {}

  /// Moves the packet's stamps onto the clock. Packets must come in the order of the file.
  void apply(AVPacket& packet);

  // The steps of `apply`, for those who choose the offset themselves.

  /// Takes back the wraps of the container's counter that libavformat has left before the video's start.
  void unwrap(AVPacket& packet);
  [[nodiscard]] bool jumps(const AVPacket& packet) const noexcept;
  /// What is added to the container's stamps from now on.
  void set_offset(std::int64_t offset) noexcept { offset_ = offset; }
  void move(AVPacket& packet);

  /// The decoding stamp that the next packet is expected to have on the clock; `no_stamp` before the first one.
  [[nodiscard]] std::int64_t expected() const noexcept;
  /// The last decoding stamp on the clock; `no_stamp` before the first one.
  [[nodiscard]] std::int64_t last() const noexcept { return last_; }
  [[nodiscard]] std::int64_t offset() const noexcept { return offset_; }

 private:
  [[nodiscard]] std::int64_t length_of(const AVPacket& packet) const noexcept;
  [[nodiscard]] std::int64_t to_us(std::int64_t length) const noexcept;

  // In the stream's time base, where no rounding adds up from jump to jump.
  const AVFormatContext& format_;
  AVStream& stream_;
  bool may_jump_;
  bool may_be_wrapped_ = true;
  std::int64_t offset_ = 0;
  std::int64_t last_ = no_stamp;
  std::int64_t interval_ = 0;  // between the last two decoding stamps, or how long the only packet lasts
  bool has_interval_ = false;  // between two
};

}  // namespace transnet::media
