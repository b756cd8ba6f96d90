// SPDX-License-Identifier: Apache-2.0
#include "transnet/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "base/number_text.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

// A stamp or a few that go back are out of order. More frames than this mean that a clock was set back.
constexpr std::int64_t most_out_of_order = 16;

double next_number(double value) { return std::nextafter(value, HUGE_VAL); }

void require_positive(const char* name, double value) {
  if (std::isfinite(value) && value > 0.0) return;
  throw Error(ErrorCode::invalid_argument, name + (" of " + number_text(value)) + " cannot be used");
}

void require_usable(double framerate) { require_positive("a frame rate", framerate); }

void require_origin(double origin_s) {
  if (std::isfinite(origin_s)) return;
  throw Error(ErrorCode::invalid_argument, "a first time stamp of " + number_text(origin_s) + " cannot be used");
}

/// With stamps that are very far apart, rounding can give two frames the same time.
bool are_starts(const std::vector<double>& starts_s) {
  return (starts_s.empty() || starts_s.front() == 0.0) && std::ranges::is_sorted(starts_s) &&
         std::ranges::all_of(starts_s, [](double start_s) { return std::isfinite(start_s); });
}

}  // namespace

struct Timeline::State {
  double framerate = 0.0;
  double tick_s = default_tick_s;
  std::int64_t frame_count = 0;
  std::int64_t frames_off_grid = 0;  // frames whose stamp is not frame / framerate, rounded to a tick
  double origin_s = 0.0;             // time stamp of the first frame
  bool has_origin = false;           // a frame had a stamp
  std::vector<double> starts_s;      // of the pushed frames, from the first
  std::int64_t last_stamped = 0;     // last frame with a good stamp
  bool went_back = false;            // a stamp after it was before it
  double last_duration_s = 0.0;      // 0 = not known

  void push(double time_s, double duration_s) {
    if (starts_s.empty() && frame_count > 0) {
      throw Error(ErrorCode::invalid_argument, "a timeline with a fixed frame count takes no further frames");
    }
    double start_s = starts_s.empty() ? 0.0 : starts_s.back() + 1.0 / framerate;
    if (!has_origin && std::isfinite(time_s)) {
      has_origin = true;
      origin_s = time_s - start_s;
      last_stamped = frame_count;
    } else if (!starts_s.empty()) {
      start_s = time_s - origin_s;
      const double stamped_s = starts_s[static_cast<std::size_t>(last_stamped)];
      const std::int64_t unstamped = frame_count - 1 - last_stamped;
      const bool is_behind = start_s <= starts_s.back();
      const double step_s = (start_s - stamped_s) / static_cast<double>(unstamped + 1);
      // Two steps between neighbouring numbers of this size: even rounded, the frames differ.
      const bool has_room =
          (!went_back || unstamped <= most_out_of_order) && step_s >= 2.0 * (next_number(start_s) - start_s);
      if (!std::isfinite(start_s) || start_s <= stamped_s || (is_behind && !has_room)) {
        went_back |= std::isfinite(start_s) && start_s < stamped_s;
        start_s = std::max(starts_s.back() + 1.0 / framerate, next_number(starts_s.back()));
      } else {
        for (std::int64_t i = 1; is_behind && i <= unstamped; ++i) {
          move_start(last_stamped + i, stamped_s + static_cast<double>(i) * step_s);
        }
        last_stamped = frame_count;
        went_back = false;
      }
    }
    starts_s.push_back(start_s);
    last_duration_s = std::isfinite(duration_s) && duration_s > 0.0 ? duration_s : 0.0;
    if (is_off_grid(frame_count)) ++frames_off_grid;
    ++frame_count;
  }

  [[nodiscard]] bool is_off_grid(std::int64_t frame) const {
    // The stamps of the first frame and of this one are rounded, each by half a tick, or both down by up to one.
    // Doubles of times far from zero are less exact than a fine tick.
    constexpr double arithmetic_error_s = 1e-6;
    const double distance_s = starts_s[static_cast<std::size_t>(frame)] - static_cast<double>(frame) / framerate;
    return std::abs(distance_s) > std::min(tick_s + arithmetic_error_s, 0.5 / framerate);
  }

  void move_start(std::int64_t frame, double start_s) {
    if (is_off_grid(frame)) --frames_off_grid;
    starts_s[static_cast<std::size_t>(frame)] = start_s;
    if (is_off_grid(frame)) ++frames_off_grid;
  }
};

Timeline::Timeline(double framerate, double tick_s) : state_(std::make_unique<State>()) {
  require_usable(framerate);
  require_positive("a unit of time stamps", tick_s);
  state_->framerate = framerate;
  state_->tick_s = tick_s;
}

Timeline::~Timeline() = default;
Timeline::Timeline(Timeline&&) noexcept = default;
Timeline& Timeline::operator=(Timeline&&) noexcept = default;
Timeline::Timeline(const Timeline& other) : state_(std::make_unique<State>(*other.state_)) {}

Timeline& Timeline::operator=(const Timeline& other) {
  state_ = std::make_unique<State>(*other.state_);
  return *this;
}

std::int64_t Timeline::frame_count() const noexcept { return state_->frame_count; }
double Timeline::framerate() const noexcept { return state_->framerate; }
bool Timeline::is_constant_rate() const noexcept { return state_->frames_off_grid == 0; }
double Timeline::tick_s() const noexcept { return state_->tick_s; }
double Timeline::origin_s() const noexcept { return state_->origin_s; }
double Timeline::last_duration_s() const noexcept { return state_->last_duration_s; }

Timeline Timeline::constant_rate(double framerate, std::int64_t frame_count, double origin_s) {
  if (frame_count < 0) {
    throw Error(ErrorCode::invalid_argument, "a video of " + std::to_string(frame_count) + " frames is impossible");
  }
  require_origin(origin_s);
  Timeline timeline(framerate);
  timeline.state_->frame_count = frame_count;
  timeline.state_->origin_s = origin_s;
  return timeline;
}

Timeline Timeline::from_starts(double framerate, std::vector<double> starts_s, double last_duration_s, double origin_s,
                               double tick_s) {
  require_origin(origin_s);
  if (!are_starts(starts_s) || !std::isfinite(last_duration_s) || last_duration_s < 0.0) {
    throw Error(ErrorCode::invalid_argument,
                "the starts of frames must begin with 0 and never decrease, and the duration of the last frame must be "
                "0 or more");
  }
  Timeline timeline(framerate, tick_s);
  timeline.state_->frame_count = std::ssize(starts_s);
  timeline.state_->origin_s = origin_s;
  timeline.state_->has_origin = !starts_s.empty();
  timeline.state_->last_stamped = std::max<std::int64_t>(timeline.state_->frame_count - 1, 0);
  timeline.state_->last_duration_s = last_duration_s;
  timeline.state_->starts_s = std::move(starts_s);
  timeline.set_framerate(framerate);
  return timeline;
}

void Timeline::push(double time_s, double duration_s) { state_->push(time_s, duration_s); }

void Timeline::set_framerate(double framerate) {
  require_usable(framerate);
  state_->framerate = framerate;
  state_->frames_off_grid = 0;
  for (std::int64_t frame = 0; frame < std::ssize(state_->starts_s); ++frame) {
    if (state_->is_off_grid(frame)) ++state_->frames_off_grid;
  }
}

std::optional<double> Timeline::measured_framerate() const {
  if (state_->starts_s.size() < 2) return std::nullopt;
  const double framerate = static_cast<double>(state_->starts_s.size() - 1) / state_->starts_s.back();
  // Stamps that give no usable rate are ignored: nearly all are equal, or they are very far apart.
  if (!std::isnormal(framerate)) return std::nullopt;
  return framerate;
}

double Timeline::start_s(std::int64_t frame) const {
  frame = std::clamp<std::int64_t>(frame, 0, state_->frame_count);
  if (is_constant_rate()) return static_cast<double>(frame) / state_->framerate;
  if (frame < state_->frame_count) return state_->starts_s[static_cast<std::size_t>(frame)];
  return state_->starts_s.back() + (state_->last_duration_s > 0.0 ? state_->last_duration_s : 1.0 / state_->framerate);
}

std::int64_t Timeline::first_frame_from(double time_s) const {
  std::int64_t first = 0;
  for (std::int64_t length = state_->frame_count; length > 0;) {
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
  if (time_s >= start_s(state_->frame_count)) return state_->frame_count;
  const std::int64_t next = first_frame_from(std::nextafter(time_s, HUGE_VAL));
  return std::max<std::int64_t>(next - 1, 0);
}

}  // namespace transnet::inline TRANSNET_ABI
