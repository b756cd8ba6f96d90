// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/media.hpp"
#include "formats/writers.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

std::string seconds(std::int64_t time_us) {
  return fmt::format("{}{}.{:06}", time_us < 0 ? "-" : "", std::abs(time_us) / 1'000'000,
                     std::abs(time_us) % 1'000'000);
}

/// Inside single quotes, only the quote itself is special.
std::string quoted(const std::string& name) {
  std::string text = "'";
  for (const char c : name) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

void check_concat_name(const std::filesystem::path& video) {
  if (video.native().find_first_of("\r\n") != std::string::npos) {
    throw UsageError("concat cannot hold a name with a line break: " + video.native());
  }
  refuse_images("concat", video);
}

std::string write_concat(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  check_concat_name(video.video);
  // ffmpeg resolves relative names from the folder of the list, which is unknown here.
  const auto name = quoted(std::filesystem::absolute(video.video).native());
  constexpr double rounding_us = 1e-3;  // of a binary number of seconds
  const double container_s = video.origin_s - video.start_s;
  std::string text = "ffconcat version 1.0\n";
  for (const auto& entry : entries) {
    // Rounds inwards: ffmpeg knows frames by rounded times, so it must neither miss one at the start nor take one more
    // at the end.
    const double start_us = (container_s + entry.start_s) * 1e6;
    const double end_us = (container_s + entry.end_s) * 1e6;
    text += fmt::format("file {}\ninpoint {}\noutpoint {}\n", name,
                        seconds(std::llround(std::ceil(start_us - rounding_us))),
                        seconds(std::llround(std::floor(end_us + rounding_us))));
  }
  return text;
}

}  // namespace command
