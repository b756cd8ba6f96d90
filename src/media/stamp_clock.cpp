// SPDX-License-Identifier: Apache-2.0
#include "media/stamp_clock.hpp"

#include "media/stamp_arithmetic.hpp"

namespace transnet::media {

void StampClock::apply(AVPacket& packet) {
  unwrap(packet);
  if (jumps(packet)) set_offset(minus(expected(), packet.dts));
  move(packet);
}

// A stamp more than half a period after the start dates from before the counter's last wrap. Stops at the first packet
// without such a stamp.
void StampClock::unwrap(AVPacket& packet) {
  if (!may_be_wrapped_) return;
  may_be_wrapped_ = false;
  const int bits = stream_.pts_wrap_bits;
  if (format_.start_time == no_stamp || bits < 1 || bits > 62) return;
  const std::int64_t half_period = std::int64_t{1} << (bits - 1);
  const std::int64_t limit = plus(rescaled(format_.start_time, microseconds, stream_.time_base), half_period);
  for (std::int64_t* stamp : {&packet.dts, &packet.pts}) {
    if (*stamp == no_stamp || *stamp <= limit) continue;
    *stamp -= 2 * half_period;
    may_be_wrapped_ = true;
  }
}

bool StampClock::jumps(const AVPacket& packet) const noexcept {
  if (!may_jump_ || packet.dts == no_stamp || last_ == no_stamp) return false;
  const std::int64_t step = minus(plus(packet.dts, offset_), last_);
  return to_us(distance(step, interval_)) > jump_threshold_us || to_us(step) < -backward_tolerance_us;
}

void StampClock::move(AVPacket& packet) {
  for (std::int64_t* stamp : {&packet.dts, &packet.pts}) {
    if (*stamp != no_stamp) *stamp = plus(*stamp, offset_);
  }
  if (packet.dts == no_stamp) return;
  if (last_ != no_stamp && packet.dts > last_) {
    interval_ = minus(packet.dts, last_);
    has_interval_ = true;
  } else if (!has_interval_) {
    interval_ = length_of(packet);
  }
  last_ = packet.dts;
}

/// The packet's duration, if the packet or the stream states it.
std::int64_t StampClock::length_of(const AVPacket& packet) const noexcept {
  if (packet.duration > 0) return packet.duration;
  const AVRational rate = stream_.avg_frame_rate;
  return rate.num > 0 && rate.den > 0 ? rescaled(1, av_inv_q(rate), stream_.time_base) : 0;
}

std::int64_t StampClock::expected() const noexcept { return last_ == no_stamp ? no_stamp : plus(last_, interval_); }

std::int64_t StampClock::to_us(std::int64_t length) const noexcept {
  return rescaled(length, stream_.time_base, microseconds);
}

}  // namespace transnet::media
