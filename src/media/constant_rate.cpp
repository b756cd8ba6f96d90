// SPDX-License-Identifier: Apache-2.0
#include "media/constant_rate.hpp"

#include <algorithm>
#include <cmath>

namespace transnet::media {
namespace {

// How far a picture may lie off its place before frames are dropped or repeated.
constexpr double tolerance_frames = 1.1;
// Of the frames missing before a picture, those that are this much away from it repeat the picture before.
constexpr double repeat_rounding = 0.6;
constexpr double initial_gap_frames = 0.5;
// Thirty hours at thirty frames a second: a longer gap is a broken stamp.
constexpr std::int64_t max_repeats = std::int64_t{30} * 3600 * 30;

// The command rounds in single precision; a position exactly between two frames goes where that sends it.
std::int64_t round_single(double value) noexcept {
  constexpr double safely_converted = 1e15;
  return std::llrint(static_cast<float>(std::min(value, safely_converted)));
}

}  // namespace

ConstantRate::Copies ConstantRate::push(double position, double duration) {
  double lead = position - static_cast<double>(next_position_);  // of the picture's start over the next frame's
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

std::int64_t ConstantRate::finish() const noexcept {
  if (!has_previous_) return 0;
  std::array<std::int64_t, 3> sorted = last_repeats_;
  std::ranges::sort(sorted);
  return sorted[1];
}

void ConstantRate::remember(std::int64_t repeats) noexcept {
  last_repeats_ = {repeats, last_repeats_[0], last_repeats_[1]};
}

}  // namespace transnet::media
