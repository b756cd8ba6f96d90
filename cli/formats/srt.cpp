// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

/// "00:00:01,680"
std::string srt_time(std::int64_t time_ms) {
  auto text = clock_ms(time_ms);
  std::ranges::replace(text, '.', ',');
  return text;
}

}  // namespace

std::string write_srt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  std::string text;
  std::size_t number = 0;
  for (const auto& entry : entries) {
    const auto [start_ms, end_ms] = cue_times(ChapterReader::ffmpeg, video, entry.start_s, entry.end_s);
    text += fmt::format("{}{}\n{} --> {}\n{}\n", number == 0 ? "" : "\n", number + 1, srt_time(start_ms),
                        srt_time(end_ms), entry.label);
    ++number;
  }
  return text;
}

}  // namespace command
