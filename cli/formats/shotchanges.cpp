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
    const auto frame = entry.first_frame_of_shot();
    if (frame == 0 || frame >= video.frame_count || is_start_of_part(video, frame)) continue;
    const auto time_ms = chapter_ms(ChapterReader::ffmpeg, video, entry.start_of_shot_s());
    text += fmt::format("{}.{:03}\n", time_ms / 1000, time_ms % 1000);
  }
  return text;
}

}  // namespace command
