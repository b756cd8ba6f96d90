// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <vector>

#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_webvtt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  std::string text = "WEBVTT\n";
  for (const auto& entry : entries) {
    const auto start_ms = chapter_ms(ChapterReader::player, video, entry.start_s);
    const auto end_ms =
        std::max(chapter_ms(ChapterReader::player, video, entry.end_s), start_ms + 1);  // a cue must last some time
    const auto identifier = entry.uuid.empty() ? "" : entry.uuid + "\n";
    text += fmt::format("\n{}{} --> {}\n{}\n", identifier, clock_ms(start_ms), clock_ms(end_ms), entry.label);
  }
  return text;
}

}  // namespace command
