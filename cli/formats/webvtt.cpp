// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/chapters.hpp"
#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_webvtt(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                         const FormatOptions& options) {
  std::string text = "WEBVTT\n";
  for (const auto& entry : chapters_of(entries, options)) {
    const auto [start_ms, end_ms] = cue_times(ChapterReader::player, video, entry.start_s, entry.end_s);
    const auto identifier = entry.uuid.empty() ? "" : entry.uuid + "\n";
    text += fmt::format("\n{}{} --> {}\n{}\n", identifier, clock_ms(start_ms), clock_ms(end_ms), entry.label);
  }
  return text;
}

}  // namespace command
