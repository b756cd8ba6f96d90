// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "media/ffmpeg.hpp"

/// Saturating arithmetic for stamps: files can state any number, so a result that does not fit becomes the largest or
/// the lowest stamp. The lowest stamp is not `no_stamp`, and its negative is a stamp as well.
namespace transnet::media {

inline constexpr std::int64_t highest_stamp = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t lowest_stamp = -highest_stamp;
/// Limit of useful stamps and lengths. Sums of a few of them fit into an integer, in libavformat too.
inline constexpr std::int64_t for_ever = std::int64_t{1} << 60;

[[nodiscard]] inline std::int64_t plus(std::int64_t stamp, std::int64_t length) noexcept {
  return std::max(av_sat_add64(stamp, length), lowest_stamp);
}

[[nodiscard]] inline std::int64_t minus(std::int64_t stamp, std::int64_t other) noexcept {
  return std::max(av_sat_sub64(stamp, other), lowest_stamp);
}

/// The distance between two stamps, never negative.
[[nodiscard]] inline std::int64_t distance(std::int64_t first, std::int64_t second) noexcept {
  return std::max(minus(first, second), minus(second, first));
}

/// The stamp in another unit; `no_stamp` stays `no_stamp`.
[[nodiscard]] inline std::int64_t rescaled(std::int64_t stamp, AVRational from, AVRational to) noexcept {
  if (stamp == no_stamp) return no_stamp;
  const std::int64_t result = av_rescale_q(stamp, from, to);
  if (result != no_stamp) return result;
  return stamp < 0 ? lowest_stamp : highest_stamp;
}

/// A multiple of a length.
[[nodiscard]] inline std::int64_t times(int count, std::int64_t length) noexcept {
  return rescaled(length, {count, 1}, {1, 1});
}

/// Seconds from a request, in a unit.
[[nodiscard]] inline std::int64_t units_of(double time_s, AVRational unit) noexcept {
  constexpr auto most = static_cast<double>(for_ever);
  return std::llround(std::clamp(time_s / av_q2d(unit), -most, most));
}

}  // namespace transnet::media
