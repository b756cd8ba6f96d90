// SPDX-License-Identifier: Apache-2.0
#include "media/decoder_clock.hpp"

#include <algorithm>

namespace transnet::media {
namespace {

constexpr std::int64_t second_us = AV_TIME_BASE;
// In a format without jumps, a longer distance is damage.
constexpr std::int64_t absurd_threshold_us = std::int64_t{30} * 3600 * second_us;

void shift(std::int64_t& stamp, std::int64_t by) noexcept {
  if (stamp != no_stamp) stamp = av_sat_add64(stamp, by);
}

bool is_far(std::int64_t difference, std::int64_t threshold) noexcept {
  return difference < -threshold || difference > threshold;
}

}  // namespace

DecoderClock::DecoderClock(const Demuxer& demuxer, const AVCodecContext& decoder, Timing timing)
    : format_(demuxer.format()),
      stream_(demuxer.stream()),
      decoder_(decoder),
      timing_(timing),
      stamps_(demuxer.format(), demuxer.stream()),
      may_jump_(may_jump(demuxer.format())),
      offset_us_(demuxer.format().start_time == no_stamp ? 0 : -demuxer.format().start_time) {}

std::int64_t DecoderClock::to_us(std::int64_t stamp) const noexcept {
  constexpr auto rounding = static_cast<AVRounding>(AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX);
  return av_rescale_q_rnd(stamp, stream_.time_base, microseconds, rounding);
}

std::int64_t DecoderClock::from_us(std::int64_t time_us) const noexcept {
  return av_rescale_q(time_us, microseconds, stream_.time_base);
}

void DecoderClock::begin(AVPacket& packet) {
  if (!is_start_settled_) settle_start();
  if (timing_ == Timing::presentation) {
    stamps_.apply(packet);
  } else {
    stamps_.unwrap(packet);
  }

  const std::int64_t offset = from_us(offset_us_);
  shift(packet.dts, offset);
  shift(packet.pts, offset);
  close_gap(packet);
  if (packet.dts != no_stamp) last_dts_us_ = to_us(packet.dts);
  predict_decoding_stamp(packet);
}

void DecoderClock::settle_start() {
  is_start_settled_ = true;
  // A container starts with its earliest stream; if stamps may jump, only the decoded stream counts.
  if (may_jump_ && format_.start_time != no_stamp && stream_.pts_wrap_bits < 64 && stream_.start_time != no_stamp) {
    offset_us_ = std::min(offset_us_, -to_us(stream_.start_time));
  }
  initial_offset_ = from_us(offset_us_);
}

void DecoderClock::close_gap(AVPacket& packet) {
  if (packet.dts == no_stamp) return;
  if (!may_jump_) {
    if (next_dts_us_ != no_stamp) drop_absurd_stamps(packet);
    return;
  }
  if (timing_ == Timing::presentation) return;  // StampClock sets them
  const std::int64_t dts_us = to_us(packet.dts);
  const std::int64_t expected_us = next_dts_us_ != no_stamp ? next_dts_us_ : last_dts_us_;
  if (expected_us == no_stamp) return;
  const std::int64_t jump_us = av_sat_sub64(dts_us, expected_us);
  const bool is_backward =
      next_dts_us_ != no_stamp && av_sat_add64(dts_us, backward_tolerance_us) < std::max(pts_us_, dts_us_);
  if (is_far(jump_us, jump_threshold_us) || is_backward) close_jump(packet, jump_us);
}

void DecoderClock::close_jump(AVPacket& packet, std::int64_t jump_us) {
  offset_us_ = av_sat_sub64(offset_us_, jump_us);
  const std::int64_t jump = from_us(jump_us);
  shift(packet.dts, -jump);
  shift(packet.pts, -jump);
}

void DecoderClock::drop_absurd_stamps(AVPacket& packet) const {
  for (std::int64_t* stamp : {&packet.dts, &packet.pts}) {
    if (*stamp == no_stamp) continue;
    if (is_far(av_sat_sub64(to_us(*stamp), next_dts_us_), absurd_threshold_us)) *stamp = no_stamp;
  }
}

void DecoderClock::predict_decoding_stamp(AVPacket& packet) {
  if (!has_predicted_) {
    has_predicted_ = true;
    // The first frame is shown at zero; decoding starts earlier by the number of frames that the codec reorders.
    const AVRational rate = stream_.avg_frame_rate;
    const double delay_us =
        rate.num > 0 && rate.den > 0 ? static_cast<double>(decoder_.has_b_frames * second_us) / av_q2d(rate) : 0.0;
    dts_us_ = static_cast<std::int64_t>(-delay_us);
    pts_us_ = 0;
  }
  if (next_dts_us_ == no_stamp) next_dts_us_ = dts_us_;
  if (next_pts_us_ == no_stamp) next_pts_us_ = pts_us_;
  if (packet.dts != no_stamp) next_dts_us_ = dts_us_ = to_us(packet.dts);
  packet.dts = next_dts_us_ == no_stamp ? no_stamp : from_us(next_dts_us_);
  packet_duration_us_ = packet.duration != 0 ? to_us(packet.duration) : frame_interval_us();
}

std::int64_t DecoderClock::frame_interval_us() const {
  const AVRational rate = decoder_.framerate;
  if (rate.num <= 0 || rate.den <= 0) return 0;
  const int frame_ticks = std::max(ticks_per_frame(decoder_), 1);
  const AVCodecParserContext* parser = av_stream_get_parser(&stream_);
  const int ticks = parser != nullptr ? parser->repeat_pict + 1 : frame_ticks;
  return second_us * rate.den * ticks / rate.num / frame_ticks;
}

void DecoderClock::begin_drain() {
  is_draining_ = true;
  packet_duration_us_ = frame_interval_us();
}

void DecoderClock::before_call() {
  pts_us_ = next_pts_us_;
  dts_us_ = next_dts_us_;
  if (is_draining_) drain_stamps_.push_back(dts_us_ == no_stamp ? no_stamp : from_us(dts_us_));
}

std::int64_t DecoderClock::take_drain_stamp() {
  if (drain_stamps_.empty()) return no_stamp;
  const std::int64_t stamp = drain_stamps_.front();
  drain_stamps_.pop_front();
  return stamp;
}

void DecoderClock::after_call(const AVFrame* frame, bool is_first) noexcept {
  if (is_first || is_draining_ || frame != nullptr) {
    const bool is_known = dts_us_ != no_stamp && packet_duration_us_ != 0;
    next_dts_us_ = is_known ? av_sat_add64(next_dts_us_, packet_duration_us_) : no_stamp;
  }
  if (frame == nullptr) return;
  if (frame->best_effort_timestamp != no_stamp) next_pts_us_ = pts_us_ = to_us(frame->best_effort_timestamp);
  const std::int64_t shown = frame_duration(*frame);
  next_pts_us_ = av_sat_add64(next_pts_us_, shown > 0 ? to_us(shown) : packet_duration_us_);
}

}  // namespace transnet::media
