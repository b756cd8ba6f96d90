// SPDX-License-Identifier: Apache-2.0
#include "media/frame_source.hpp"

#include <algorithm>
#include <utility>

#include "media/stamp_arithmetic.hpp"

namespace transnet::media {

FrameSource::FrameSource(std::unique_ptr<ByteSource> bytes, std::string name, Deadline& deadline,
                         const DecodeOptions& options, std::int64_t search_bytes, const FrameSize& frame_size)
    : demuxer_(std::move(bytes), std::move(name), deadline, options, search_bytes),
      decoder_(demuxer_, deadline, options, frame_size),
      timing_(options.timing) {
  const std::int64_t start = stream().start_time;
  if (start != no_stamp) expected_time_s_ = static_cast<double>(start) * av_q2d(stream().time_base);
}

std::optional<DecodedFrame> FrameSource::next() {
  while (copies_.previous == 0 && copies_.current == 0) {
    if (has_ended_) return std::nullopt;
    decode();
  }
  const bool is_previous = copies_.previous > 0;
  --(is_previous ? copies_.previous : copies_.current);
  Decoded& given = is_previous ? previous_ : current_;
  DecodedFrame frame = number(*given.picture);
  frame.is_repeated = std::exchange(given.was_given, true);
  ++frame_count_;
  return frame;
}

void FrameSource::decode() {
  if (timing_ == Timing::constant_rate && copies_.replaces_previous) std::swap(previous_, current_);
  av_frame_unref(current_.picture.get());
  current_.was_given = false;
  has_ended_ = !decoder_.next(*current_.picture);
  if (has_ended_) {
    copies_ = {constant_rate_ ? constant_rate_->finish() : 0, 0, false};
    return;
  }
  if (rate_.num == 0) {
    // Not earlier, as in the command: if streams of different rates were joined, the search for stream parameters ends
    // in a later one than decoding starts in.
    rate_ = output_rate(demuxer_.format(), stream());
    // The only stream of a file starts at its first picture; with other streams it keeps its place.
    const bool keeps_initial_gap = demuxer_.stream_count() > 1;
    if (timing_ == Timing::constant_rate) constant_rate_.emplace(rate_, stream().time_base, keeps_initial_gap);
  }
  copies_ = constant_rate_ ? constant_rate_->push(*current_.picture) : ConstantFrameRate::Copies{.current = 1};
}

DecodedFrame FrameSource::number(const AVFrame& picture) {
  DecodedFrame frame{.picture = picture, .number = frame_count_, .bad_packet_count = bad_packet_count()};
  if (timing_ == Timing::constant_rate) {
    frame.time_s = static_cast<double>(frame.number) / av_q2d(rate_);
    frame.duration_s = 1.0 / av_q2d(rate_);
    return frame;
  }
  const AVRational tick = stream().time_base;
  const double tick_s = av_q2d(tick);
  const std::int64_t shown = frame_duration(picture);
  frame.duration_s = shown > 0 ? static_cast<double>(shown) * tick_s : 0.0;
  if (picture.pts != no_stamp) {
    frame.stamp = minus(picture.pts, decoder_.clock().initial_offset());
    frame.time_s = static_cast<double>(frame.stamp) * tick_s;
  } else {
    frame.stamp = units_of(expected_time_s_, tick);
    frame.time_s = expected_time_s_;
  }
  const double length_s = shown > 0 ? frame.duration_s : 1.0 / av_q2d(rate_);
  expected_time_s_ = frame.time_s + length_s;
  frame.end_stamp = plus(frame.stamp, std::max<std::int64_t>(units_of(length_s, tick), 1));
  return frame;
}

}  // namespace transnet::media
