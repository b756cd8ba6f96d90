// SPDX-License-Identifier: Apache-2.0
#include "media/constant_frame_rate.hpp"

#include <algorithm>
#include <cmath>

namespace transnet::media {
namespace {

// How far a picture may be off its place before frames are dropped or repeated.
constexpr double tolerance_frames = 1.1;
// Of the frames missing before a picture, those at least this far from it repeat the previous picture.
constexpr double repeat_rounding = 0.6;
constexpr double initial_gap_frames = 0.5;
// Thirty hours at thirty frames a second: a longer gap is a broken stamp.
constexpr std::int64_t max_repeats = std::int64_t{30} * 3600 * 30;

// The command rounds in single precision; this decides the place of a position exactly between two frames.
std::int64_t round_single(double value) noexcept {
  constexpr double safely_converted = 1e15;
  return std::llrint(static_cast<float>(std::min(value, safely_converted)));
}

}  // namespace

AVRational output_rate(AVFormatContext& format, AVStream& stream) {
  constexpr AVRational unknown_rate{25, 1};
  const AVRational rate = av_guess_frame_rate(&format, &stream, nullptr);
  return rate.num > 0 && rate.den > 0 ? rate : unknown_rate;
}

ConstantFrameRate::Copies ConstantFrameRate::push(const AVFrame& picture) {
  return place(position_of(picture.pts), duration_of(picture));
}

/// The position of a stamp, in frames.
double ConstantFrameRate::position_of(std::int64_t stamp) const noexcept {
  if (stamp == no_stamp) return static_cast<double>(no_stamp);
  // The command rescales to whole numbers of a fraction of a frame (finer for low rates) and then moves away from the
  // middle between two frames. Both can decide whether a frame is repeated.
  const int fraction_bits = std::clamp(29 - av_log2(static_cast<unsigned>(rate_.num)), 0, 16);
  const AVRational unit{rate_.den, static_cast<int>(static_cast<unsigned>(rate_.num) << fraction_bits)};
  const std::int64_t units = av_rescale_q(stamp, time_base_, unit);
  const double position = static_cast<double>(units) / static_cast<double>(1 << fraction_bits);
  constexpr double off_the_middle = 1.0 / (1 << 17);
  return position + (position > 0.0 ? off_the_middle : position < 0.0 ? -off_the_middle : 0.0);
}

/// A picture's duration in frames; 1 if it states none.
double ConstantFrameRate::duration_of(const AVFrame& picture) const noexcept {
  const auto frames = static_cast<float>(static_cast<double>(frame_duration(picture)) * av_q2d(time_base_) /
                                         av_q2d(AVRational{rate_.den, rate_.num}));
  return std::max(std::rint(static_cast<double>(frames)), 1.0);
}

ConstantFrameRate::Copies ConstantFrameRate::place(double position, double duration) {
  double lead = position - static_cast<double>(next_position_);  // from the next frame's start to the picture's start
  double end_lead = lead + duration;
  if (lead < 0.0 && end_lead > 0.0) {
    position = static_cast<double>(next_position_);
    duration += lead;
    lead = 0.0;
  }
  if (!keeps_initial_gap_ && written_ == 0 && lead >= initial_gap_frames) {
    end_lead = duration;
    lead = 0.0;
    next_position_ = std::llrint(position);
  }

  std::int64_t total = 1;
  std::int64_t repeats = 0;
  if (end_lead < -tolerance_frames) {
    total = 0;
  } else if (end_lead > tolerance_frames) {
    total = round_single(end_lead);
    if (lead > tolerance_frames) repeats = round_single(lead - repeat_rounding);
  }
  repeats = std::min(repeats, total);
  remember(repeats);

  const std::int64_t expected = (repeats > 0 && previous_was_dropped_ ? 1 : 0) + (total > repeats ? 1 : 0);
  if (total > expected && total > max_repeats) return {0, 0, false};
  previous_was_dropped_ = total == repeats;

  Copies copies{repeats, total - repeats, true};
  if (!has_previous_) copies = {0, total, true};
  has_previous_ = true;
  written_ += total;
  next_position_ += total;
  return copies;
}

std::int64_t ConstantFrameRate::finish() const noexcept {
  if (!has_previous_) return 0;
  std::array<std::int64_t, 3> sorted = last_repeats_;
  std::ranges::sort(sorted);
  return sorted[1];
}

void ConstantFrameRate::remember(std::int64_t repeats) noexcept {
  last_repeats_ = {repeats, last_repeats_[0], last_repeats_[1]};
}

}  // namespace transnet::media
