#include "transnet/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "transnet/error.hpp"

namespace transnet {
namespace {

// Repeated stamps come in twos and threes. More frames than these without a good stamp are a clock that was set back.
constexpr std::int64_t max_spread_frames = 16;

double next_number(double value) { return std::nextafter(value, HUGE_VAL); }

void require_usable(double framerate) {
  if (std::isfinite(framerate) && framerate > 0.0) return;
  throw Error(ErrorCode::invalid_argument, "a frame rate of " + std::to_string(framerate) + " cannot be used");
}

void require_origin(double origin_s) {
  if (std::isfinite(origin_s)) return;
  throw Error(ErrorCode::invalid_argument, "a first time stamp of " + std::to_string(origin_s) + " cannot be used");
}

/// Stamps that lie ages apart can leave two frames at one time.
bool are_starts(const std::vector<double>& starts_s) {
  return (starts_s.empty() || starts_s.front() == 0.0) && std::ranges::is_sorted(starts_s) &&
         std::ranges::all_of(starts_s, [](double start_s) { return std::isfinite(start_s); });
}

}  // namespace

Timeline::Timeline(double framerate) : framerate_(framerate) { require_usable(framerate); }

Timeline Timeline::constant_rate(double framerate, std::int64_t frame_count, double origin_s) {
  if (frame_count < 0) {
    throw Error(ErrorCode::invalid_argument, "a video of " + std::to_string(frame_count) + " frames cannot be");
  }
  require_origin(origin_s);
  Timeline timeline(framerate);
  timeline.frame_count_ = frame_count;
  timeline.origin_s_ = origin_s;
  return timeline;
}

Timeline Timeline::from_starts(double framerate, std::vector<double> starts_s, double last_duration_s,
                               double origin_s) {
  require_origin(origin_s);
  if (!are_starts(starts_s) || !std::isfinite(last_duration_s) || last_duration_s < 0.0) {
    throw Error(
        ErrorCode::invalid_argument,
        "the starts of frames must be numbers that begin with 0 and do not go back, and the last one's duration "
        "0 or more");
  }
  Timeline timeline(framerate);
  timeline.frame_count_ = std::ssize(starts_s);
  timeline.origin_s_ = origin_s;
  timeline.last_stamped_ = std::max<std::int64_t>(timeline.frame_count_ - 1, 0);
  timeline.last_duration_s_ = last_duration_s;
  timeline.starts_s_ = std::move(starts_s);
  timeline.set_framerate(framerate);
  return timeline;
}

void Timeline::push(double time_s, double duration_s) {
  if (starts_s_.empty() && frame_count_ > 0) {
    throw Error(ErrorCode::invalid_argument, "a timeline that was made by its frame count takes no further frames");
  }
  double start_s = 0.0;
  if (starts_s_.empty()) {
    origin_s_ = std::isfinite(time_s) ? time_s : 0.0;
  } else {
    start_s = time_s - origin_s_;
    const double stamped_s = starts_s_[static_cast<std::size_t>(last_stamped_)];
    const std::int64_t unstamped = frame_count_ - 1 - last_stamped_;
    const bool is_behind = start_s <= starts_s_.back();
    const double step_s = (start_s - stamped_s) / static_cast<double>(unstamped + 1);
    // Two of the steps that numbers of this size have: rounded, the frames are still apart.
    const bool has_room = unstamped <= max_spread_frames && step_s >= 2.0 * (next_number(start_s) - start_s);
    if (!std::isfinite(start_s) || start_s <= stamped_s || (is_behind && !has_room)) {
      start_s = std::max(starts_s_.back() + 1.0 / framerate_, next_number(starts_s_.back()));
    } else {
      for (std::int64_t i = 1; is_behind && i <= unstamped; ++i) {
        move_start(last_stamped_ + i, stamped_s + static_cast<double>(i) * step_s);
      }
      last_stamped_ = frame_count_;
    }
  }
  starts_s_.push_back(start_s);
  last_duration_s_ = std::isfinite(duration_s) && duration_s > 0.0 ? duration_s : 0.0;
  if (is_off_grid(frame_count_)) ++frames_off_grid_;
  ++frame_count_;
}

bool Timeline::is_off_grid(std::int64_t frame) const {
  const double distance_s = starts_s_[static_cast<std::size_t>(frame)] - static_cast<double>(frame) / framerate_;
  return std::abs(distance_s) > 0.5 / framerate_;
}

void Timeline::move_start(std::int64_t frame, double start_s) {
  if (is_off_grid(frame)) --frames_off_grid_;
  starts_s_[static_cast<std::size_t>(frame)] = start_s;
  if (is_off_grid(frame)) ++frames_off_grid_;
}

void Timeline::set_framerate(double framerate) {
  require_usable(framerate);
  framerate_ = framerate;
  frames_off_grid_ = 0;
  for (std::int64_t frame = 0; frame < std::ssize(starts_s_); ++frame) {
    if (is_off_grid(frame)) ++frames_off_grid_;
  }
}

std::optional<double> Timeline::measured_framerate() const {
  if (starts_s_.size() < 2) return std::nullopt;
  const double framerate = static_cast<double>(starts_s_.size() - 1) / starts_s_.back();
  // Stamps that leave no usable rate say nothing: all but equal ones, or ones that lie ages apart.
  if (!std::isnormal(framerate)) return std::nullopt;
  return framerate;
}

double Timeline::start_s(std::int64_t frame) const {
  frame = std::clamp<std::int64_t>(frame, 0, frame_count_);
  if (is_constant_rate()) return static_cast<double>(frame) / framerate_;
  if (frame < frame_count_) return starts_s_[static_cast<std::size_t>(frame)];
  return starts_s_.back() + (last_duration_s_ > 0.0 ? last_duration_s_ : 1.0 / framerate_);
}

std::int64_t Timeline::first_frame_from(double time_s) const {
  std::int64_t first = 0;
  for (std::int64_t length = frame_count_; length > 0;) {
    const std::int64_t half = length / 2;
    if (start_s(first + half) < time_s) {
      first += half + 1;
      length -= half + 1;
    } else {
      length = half;
    }
  }
  return first;
}

std::int64_t Timeline::last_frame_until(double time_s) const {
  if (time_s >= start_s(frame_count_)) return frame_count_;
  const std::int64_t next = first_frame_from(std::nextafter(time_s, HUGE_VAL));
  return std::max<std::int64_t>(next - 1, 0);
}

}  // namespace transnet
