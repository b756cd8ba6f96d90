// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <string>
#include <vector>

#include "formats/chapters.hpp"
#include "formats/clock.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_ogm(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                      const FormatOptions& options) {
  std::string text;
  std::size_t number = 0;
  for (const auto& entry : chapters_of(entries, options)) {
    ++number;
    text += fmt::format("CHAPTER{0:02}={1}\nCHAPTER{0:02}NAME={2}\n", number,
                        clock_ms(chapter_ms(ChapterReader::mkvmerge, video, entry.start_s)), entry.label);
  }
  return text;
}

}  // namespace command
