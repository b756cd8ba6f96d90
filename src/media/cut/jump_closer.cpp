#include "media/cut/jump_closer.hpp"

#include <algorithm>
#include <cmath>

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
  const std::int64_t dts_us = av_rescale_q(packet.dts, time_base, microseconds);
  if (clock.last_dts_us != no_stamp) {
    const std::int64_t step_us = dts_us + clock.offset_us - clock.last_dts_us;
    const std::int64_t jump_us = step_us - clock.interval_us;
    if (std::abs(jump_us) > jump_threshold_us || step_us < -backward_tolerance_us) close(clock, jump_us);
  }
  const std::int64_t now_us = dts_us + clock.offset_us;
  if (clock.last_dts_us != no_stamp && now_us > clock.last_dts_us) clock.interval_us = now_us - clock.last_dts_us;
  clock.last_dts_us = now_us;

  const std::int64_t offset = av_rescale_q(clock.offset_us, microseconds, time_base);
  packet.dts += offset;
  if (packet.pts != no_stamp) packet.pts += offset;
}

void JumpCloser::close(Clock& clock, std::int64_t jump_us) {
  // Each stream ends and begins a little earlier or later than the others; by the same jump they keep their distance.
  constexpr std::int64_t same_jump_us = 2 * second_us;
  if (clock.jump_count == jumps_us_.size()) {
    jumps_us_.push_back(jump_us);
  } else if (std::abs(jumps_us_[clock.jump_count] - jump_us) > same_jump_us) {
    clock.offset_us -= jump_us;
    return;
  }
  clock.offset_us -= jumps_us_[clock.jump_count++];
}

}  // namespace transnet::media
