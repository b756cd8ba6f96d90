// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "media/ffmpeg.hpp"

/// Stamps are what a file says, which may be anything: what does not fit into a number is the largest or the lowest
/// stamp that does. The lowest one is not `no_stamp`, and its opposite is a stamp as well.
namespace transnet::media {

inline constexpr std::int64_t highest_stamp = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t lowest_stamp = -highest_stamp;
/// Of stamps and lengths that are of use. Sums of a few of them fit into a number, in libavformat too.
inline constexpr std::int64_t for_ever = std::int64_t{1} << 60;

[[nodiscard]] inline std::int64_t plus(std::int64_t stamp, std::int64_t length) noexcept {
  return std::max(av_sat_add64(stamp, length), lowest_stamp);
}

[[nodiscard]] inline std::int64_t minus(std::int64_t stamp, std::int64_t other) noexcept {
  return std::max(av_sat_sub64(stamp, other), lowest_stamp);
}

/// How far two are apart, never negative.
[[nodiscard]] inline std::int64_t distance(std::int64_t first, std::int64_t second) noexcept {
  return std::max(minus(first, second), minus(second, first));
}

/// In another unit; no stamp stays none.
[[nodiscard]] inline std::int64_t rescaled(std::int64_t stamp, AVRational from, AVRational to) noexcept {
  if (stamp == no_stamp) return no_stamp;
  const std::int64_t result = av_rescale_q(stamp, from, to);
  if (result != no_stamp) return result;
  return stamp < 0 ? lowest_stamp : highest_stamp;
}

/// So many times the length.
[[nodiscard]] inline std::int64_t times(int count, std::int64_t length) noexcept {
  return rescaled(length, {count, 1}, {1, 1});
}

/// Seconds, of a request, in a unit.
[[nodiscard]] inline std::int64_t units_of(double time_s, AVRational unit) noexcept {
  constexpr auto most = static_cast<double>(for_ever);
  return std::llround(std::clamp(time_s / av_q2d(unit), -most, most));
}

}  // namespace transnet::media
