#include "transnet/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "transnet/error.hpp"

namespace transnet {

Timeline::Timeline(double framerate) : framerate_(framerate) {
  if (!std::isfinite(framerate) || framerate <= 0.0) {
    throw Error(ErrorCode::invalid_argument, "a frame rate of " + std::to_string(framerate) + " cannot be used");
  }
}

Timeline Timeline::constant_rate(double framerate, std::int64_t frame_count) {
  if (frame_count < 0) {
    throw Error(ErrorCode::invalid_argument, "a video of " + std::to_string(frame_count) + " frames cannot be");
  }
  Timeline timeline(framerate);
  timeline.frame_count_ = frame_count;
  return timeline;
}

void Timeline::push(double time_s, double duration_s) {
  if (starts_s_.empty() && frame_count_ > 0) {
    throw Error(ErrorCode::invalid_argument, "a timeline that was made by its frame count takes no further frames");
  }
  const double frame_s = 1.0 / framerate_;
  double start_s = 0.0;
  if (starts_s_.empty()) {
    origin_s_ = std::isfinite(time_s) ? time_s : 0.0;
  } else {
    start_s = time_s - origin_s_;
    if (!std::isfinite(start_s) || start_s <= starts_s_.back()) start_s = starts_s_.back() + frame_s;
  }
  if (std::abs(start_s - static_cast<double>(frame_count_) / framerate_) > 0.5 * frame_s) is_constant_rate_ = false;
  starts_s_.push_back(start_s);
  last_duration_s_ = std::isfinite(duration_s) && duration_s > 0.0 ? duration_s : frame_s;
  ++frame_count_;
}

double Timeline::start_s(std::int64_t frame) const {
  frame = std::clamp<std::int64_t>(frame, 0, frame_count_);
  if (is_constant_rate_) return static_cast<double>(frame) / framerate_;
  if (frame < frame_count_) return starts_s_[static_cast<std::size_t>(frame)];
  return starts_s_.back() + last_duration_s_;
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
