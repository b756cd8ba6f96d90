// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/chapters.hpp"
#include "formats/clock.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"

namespace command {

std::string write_matroska_chapters(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                    const FormatOptions& options) {
  auto document = new_xml_document("Chapters SYSTEM \"matroskachapters.dtd\"");
  auto chapters = document.append_child("Chapters");
  if (entries.empty()) return to_text(document);  // mkvmerge refuses an edition without a chapter
  auto edition = chapters.append_child("EditionEntry");
  for (const auto& entry : chapters_of(entries, options)) {
    auto chapter = edition.append_child("ChapterAtom");
    add_text(chapter, "ChapterTimeStart", clock_ms(chapter_ms(ChapterReader::mkvmerge, video, entry.start_s)));
    add_text(chapter, "ChapterTimeEnd", clock_ms(chapter_ms(ChapterReader::mkvmerge, video, entry.end_s)));
    auto display = chapter.append_child("ChapterDisplay");
    add_text(display, "ChapterString", entry.label);
    add_text(display, "ChapterLanguage", "eng");
  }
  return to_text(document);
}

}  // namespace command
