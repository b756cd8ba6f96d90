// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {

// Source: Subtitle Edit, ShotChangeHelper: seconds, one a line. It counts time as the ffmpeg command does.
std::string write_shotchanges(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    const bool is_transition = entry.probability.has_value();
    if (is_transition ? entry.end_frame >= video.frame_count : entry.start_frame == 0) continue;
    const auto time_ms = chapter_ms(ChapterReader::ffmpeg, video, is_transition ? entry.end_s : entry.start_s);
    text += fmt::format("{}.{:03}\n", time_ms / 1000, time_ms % 1000);
  }
  return text;
}

}  // namespace command
