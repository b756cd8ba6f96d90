#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "media/ffmpeg.hpp"

/// Stamps are what a file says, which may be anything: what does not fit into a number is the largest one that does.
namespace transnet::media {

/// In another unit; no stamp stays none.
[[nodiscard]] inline std::int64_t rescaled(std::int64_t stamp, AVRational from, AVRational to) noexcept {
  const std::int64_t result = av_rescale_q(stamp, from, to);
  if (stamp == no_stamp || result != no_stamp) return stamp == no_stamp ? no_stamp : result;
  return stamp < 0 ? -std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::max();
}

/// How far two are apart, never negative.
[[nodiscard]] inline std::int64_t distance(std::int64_t one, std::int64_t other) noexcept {
  return std::max(av_sat_sub64(one, other), av_sat_sub64(other, one));
}

/// Seconds, of a request, in a unit. Longer than any file lasts is as good as for ever.
[[nodiscard]] inline std::int64_t units_of(double time_s, AVRational unit) noexcept {
  constexpr auto for_ever = static_cast<double>(std::int64_t{1} << 60);
  return std::llround(std::clamp(time_s / av_q2d(unit), -for_ever, for_ever));
}

}  // namespace transnet::media
