// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/chapters.hpp"
#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_ffmetadata(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                             const FormatOptions& options) {
  std::string text = ";FFMETADATA1\n";
  for (const auto& entry : chapters_of(entries, options)) {
    text += fmt::format("[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
                        chapter_ms(ChapterReader::ffmpeg, video, entry.start_s),
                        chapter_ms(ChapterReader::ffmpeg, video, entry.end_s), entry.label);
  }
  return text;
}

}  // namespace command
