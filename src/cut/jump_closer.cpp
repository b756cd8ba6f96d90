// SPDX-License-Identifier: Apache-2.0
#include "cut/jump_closer.hpp"

#include <algorithm>

#include "cut/stamps.hpp"

namespace transnet::media {
namespace {

constexpr std::int64_t second_us = AV_TIME_BASE;
constexpr std::int64_t jump_threshold_us = 10 * second_us;
constexpr std::int64_t backward_tolerance_us = second_us / 10;

}  // namespace

JumpCloser::JumpCloser(const AVFormatContext& format)
    : format_(format), may_jump_((format.iformat->flags & AVFMT_TS_DISCONT) != 0) {}

void JumpCloser::apply(AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  if (!may_jump_ || packet.dts == no_stamp) return;
  if (index >= clocks_.size()) clocks_.resize(index + 1);
  Clock& clock = clocks_[index];

  const AVRational time_base = format_.streams[packet.stream_index]->time_base;
  const std::int64_t dts_us = rescaled(packet.dts, time_base, microseconds);
  if (clock.last_dts_us == no_stamp) {
    if (now_us_ != no_stamp) place(clock, dts_us);
  } else {
    const std::int64_t step_us = minus(plus(dts_us, clock.offset_us), clock.last_dts_us);
    const bool is_far = distance(step_us, clock.interval_us) > jump_threshold_us;
    if (is_far || step_us < -backward_tolerance_us) place(clock, dts_us);
  }
  now_us_ = plus(dts_us, clock.offset_us);
  if (clock.last_dts_us != no_stamp && now_us_ > clock.last_dts_us) {
    clock.interval_us = minus(now_us_, clock.last_dts_us);
  }
  clock.last_dts_us = now_us_;

  const std::int64_t offset = rescaled(clock.offset_us, microseconds, time_base);
  packet.dts = plus(packet.dts, offset);
  if (packet.pts != no_stamp) packet.pts = plus(packet.pts, offset);
}

/// Where a stream goes on: where it was, or where the others are if it was not there for long.
std::int64_t JumpCloser::expected_us(const Clock& clock) const noexcept {
  if (clock.last_dts_us == no_stamp) return now_us_;
  const std::int64_t own_us = plus(clock.last_dts_us, clock.interval_us);
  return distance(own_us, now_us_) > jump_threshold_us ? now_us_ : own_us;
}

void JumpCloser::place(Clock& clock, std::int64_t dts_us) {
  // Each stream ends and begins a little earlier or later than the others; by the same jump they keep their distance.
  constexpr std::int64_t same_jump_us = 2 * second_us;
  const bool is_new = clock.last_dts_us == no_stamp;
  const std::int64_t expected = expected_us(clock);
  const std::size_t known = last_jump_ - std::min(last_jump_, offsets_us_.size() - 1);
  std::int64_t nearest_us = is_new ? jump_threshold_us : same_jump_us;
  bool is_placed = false;
  for (std::size_t jump = std::max(known, is_new ? 0 : clock.jump + 1); jump <= last_jump_; ++jump) {
    const std::int64_t offset_us = offsets_us_[jump % offsets_us_.size()];
    const std::int64_t distance_us = distance(plus(dts_us, offset_us), expected);
    if (distance_us > nearest_us) continue;
    nearest_us = distance_us;
    clock.jump = jump;
    clock.offset_us = offset_us;
    is_placed = true;
  }
  if (is_placed) return;
  clock.jump = ++last_jump_;
  clock.offset_us = offsets_us_[clock.jump % offsets_us_.size()] = minus(expected, dts_us);
}

}  // namespace transnet::media
