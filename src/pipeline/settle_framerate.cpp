// SPDX-License-Identifier: Apache-2.0
#include "pipeline/settle_framerate.hpp"

#include <cmath>
#include <cstdint>

#include "base/assumed_framerate.hpp"
#include "base/number_text.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

// Cameras record up to 240 frames per second; at 1 or below, a video is a series of pictures or its rate is a guess.
constexpr double above_slowest_usual = 1.0;
constexpr double fastest_usual = 240.0;
// With stamps in milliseconds, the coarsest common unit, the measured rate of a short video has this error.
constexpr double measuring_error = 0.05;

bool is_usual(double framerate) { return framerate > above_slowest_usual && framerate <= fastest_usual; }

bool agree(double stated, double measured) { return std::abs(stated - measured) <= measuring_error * stated; }

// Fewer frames give no reliable rate.
constexpr std::int64_t enough_frames = 10;

/// Whether every frame starts at its time for `framerate`; sets the timeline to that rate.
bool is_steady_at(double framerate, Timeline& timeline) {
  if (timeline.frame_count() < enough_frames) return false;
  const double stated = timeline.framerate();
  timeline.set_framerate(framerate);
  if (timeline.is_constant_rate()) return true;
  timeline.set_framerate(stated);
  return false;
}

std::string rate_text(double framerate) { return number_text(thousandths(framerate)); }

}  // namespace

std::vector<std::string> settle_framerate(std::optional<double> stated, Timing timing, Timeline& timeline) {
  const std::optional<double> measured = timeline.measured_framerate();
  double framerate = stated.value_or(measured.value_or(assumed_framerate));
  std::vector<std::string> warnings;
  const std::string source = measured ? " by its time stamps" : " is assumed";
  if (!stated) {
    warnings.push_back("the file states no frame rate: " + rate_text(framerate) + source);
  } else if (!is_usual(*stated)) {
    std::string warning = "the file states an unusual frame rate, " + rate_text(*stated);
    const bool is_believed = timing == Timing::constant_rate || (measured && agree(*stated, *measured));
    if (!is_believed) {
      framerate = measured.value_or(assumed_framerate);
      warning += ": " + rate_text(framerate) + source;
    }
    warnings.push_back(std::move(warning));
  } else if (timing == Timing::presentation && !timeline.is_constant_rate() && measured &&
             is_steady_at(*measured, timeline)) {
    framerate = *measured;
    warnings.push_back("the file states a frame rate of " + rate_text(*stated) +
                       ", but its time stamps are steady at " + rate_text(framerate));
  }

  if (timing == Timing::constant_rate) {
    timeline = Timeline::constant_rate(framerate, timeline.frame_count());
  } else if (framerate != timeline.framerate()) {
    timeline.set_framerate(framerate);
  }
  return warnings;
}

}  // namespace transnet::inline TRANSNET_ABI
