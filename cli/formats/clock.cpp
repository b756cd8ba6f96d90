// SPDX-License-Identifier: Apache-2.0
#include "formats/clock.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace command {
namespace {

constexpr double rounding_ms = 1e-3;  // in binary, 1.68 s is not a whole number of milliseconds

std::string hours_to_seconds(std::int64_t time_s) {
  return fmt::format("{:02}:{:02}:{:02}", time_s / 3600, time_s / 60 % 60, time_s % 60);
}

}  // namespace

std::string clock_ms(std::int64_t time_ms) {
  const auto distance_ms = std::abs(time_ms);
  return fmt::format("{}{}.{:03}", time_ms < 0 ? "-" : "", hours_to_seconds(distance_ms / 1000), distance_ms % 1000);
}

std::int64_t nearest_ms(double time_s) { return std::llround(time_s * 1e3); }

std::int64_t chapter_ms(double time_s) {
  return std::max<std::int64_t>(0, std::llround(std::ceil(time_s * 1e3 - rounding_ms)));
}

std::int64_t end_ms(double time_s) {
  return std::max<std::int64_t>(0, std::llround(std::floor(time_s * 1e3 + rounding_ms)));
}

double first_frame_s(ChapterReader reader, double origin_s, const transnet::VideoMetadata& metadata) {
  if (!metadata.start_s || !metadata.container) return 0.0;
  const bool is_matroska = metadata.container->find("matroska") != std::string::npos;
  const bool is_quicktime = metadata.container->find("mov") != std::string::npos;
  double zero_s = *metadata.start_s;
  if (reader == ChapterReader::mkvmerge) {
    zero_s = is_matroska ? 0.0 : metadata.first_packet_s.value_or(zero_s);
  } else if (reader == ChapterReader::player && (is_matroska || is_quicktime)) {
    zero_s = 0.0;
  }
  // At a constant rate the first frame is at 0 whatever the container says.
  return std::max(origin_s - zero_s, 0.0);
}

namespace {

double on_clock_of(ChapterReader reader, const transnet::VideoClips& video, double time_s) {
  if (!video.metadata.start_s) return time_s;
  return time_s - video.start_s + first_frame_s(reader, video.origin_s, video.metadata);
}

}  // namespace

std::int64_t chapter_ms(ChapterReader reader, const transnet::VideoClips& video, double time_s) {
  return chapter_ms(on_clock_of(reader, video, time_s));
}

CueTimes cue_times(ChapterReader reader, const transnet::VideoClips& video, double start_s, double end_s) {
  const auto start_ms = chapter_ms(reader, video, start_s);
  return {start_ms, std::max(chapter_ms(reader, video, end_s), start_ms + 1)};
}

std::int64_t end_ms(ChapterReader reader, const transnet::VideoClips& video, double time_s) {
  return end_ms(on_clock_of(reader, video, time_s));
}

}  // namespace command
