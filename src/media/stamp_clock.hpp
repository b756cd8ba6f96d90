// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A stamp further than this from its expected time is a jump.
inline constexpr std::int64_t jump_threshold_us = 10 * std::int64_t{AV_TIME_BASE};
/// A decoding stamp further than this behind an earlier one is a jump.
inline constexpr std::int64_t backward_tolerance_us = std::int64_t{AV_TIME_BASE} / 10;

/// Whether the time stamps of a format may jump, as in joined MPEG streams.
[[nodiscard]] inline bool may_jump(const AVFormatContext& format) noexcept {
  return (format.iformat->flags & AVFMT_TS_DISCONT) != 0;
}

/// The stamps of one stream on a clock that continues without the jumps of joined MPEG streams. It is the one rule for
/// jumps, for decoded pictures and for copied packets. Stamps of other formats keep their values.
///
/// A decoding stamp jumps if it is more than ten seconds from its expected time, or more than a tenth of a second
/// before the last stamp. The expected time continues the interval between the last two stamps; after a single packet,
/// it adds the packet's duration.
class StampClock {
 public:
  /// Both must outlive the clock.
  StampClock(const AVFormatContext& format, AVStream& stream)
      : format_(format), stream_(stream), may_jump_(media::may_jump(format)) {}

  /// Moves the packet's stamps onto the clock. Packets must come in the order of the file.
  void apply(AVPacket& packet);

  // The steps of `apply`, for callers that choose the offset themselves.

  /// Undoes the counter wraps that libavformat has left before the video's start.
  void unwrap(AVPacket& packet);
  [[nodiscard]] bool jumps(const AVPacket& packet) const noexcept;
  /// Sets the shift of the container's stamps from now on.
  void set_offset(std::int64_t offset) noexcept { offset_ = offset; }
  void move(AVPacket& packet);

  /// The expected decoding stamp of the next packet on the clock; `no_stamp` before the first one.
  [[nodiscard]] std::int64_t expected() const noexcept;
  /// The last decoding stamp on the clock; `no_stamp` before the first one.
  [[nodiscard]] std::int64_t last() const noexcept { return last_; }
  [[nodiscard]] std::int64_t offset() const noexcept { return offset_; }

 private:
  [[nodiscard]] std::int64_t length_of(const AVPacket& packet) const noexcept;
  [[nodiscard]] std::int64_t to_us(std::int64_t length) const noexcept;

  // In the stream's time base, so that no rounding errors add up from jump to jump.
  const AVFormatContext& format_;
  AVStream& stream_;
  bool may_jump_;
  bool may_be_wrapped_ = true;
  std::int64_t offset_ = 0;
  std::int64_t last_ = no_stamp;
  std::int64_t interval_ = 0;  // between the last two decoding stamps, or the duration of the only packet
  bool has_interval_ = false;  // whether it is between two stamps
};

}  // namespace transnet::media
