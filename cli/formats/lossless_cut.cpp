// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "formats/clock.hpp"
#include "formats/json_text.hpp"
#include "formats/media.hpp"
#include "formats/writers.hpp"

namespace command {

void check_lossless_cut_name(const std::filesystem::path& video) { refuse_images("lossless-cut", video); }

// Source: LosslessCut, src/renderer/src/types.ts, llcProjectV2Schema. LosslessCut counts time as a web page does.
std::string write_lossless_cut(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  Json segments = Json::array();
  for (const auto& entry : entries) {
    const auto start_ms = chapter_ms(ChapterReader::player, video, entry.start_s);
    // LosslessCut takes the frames that begin before the end.
    const auto last_ms = std::max(end_ms(ChapterReader::player, video, entry.end_s), start_ms + 1);
    Json segment = {{"start", static_cast<double>(start_ms) / 1e3},
                    {"end", static_cast<double>(last_ms) / 1e3},
                    {"name", entry.label}};
    if (!entry.uuid.empty()) segment["tags"] = {{"uuid", entry.uuid}};
    segments.push_back(std::move(segment));
  }
  const Json document = {{"version", 2}, {"mediaFileName", media_name(video)}, {"cutSegments", std::move(segments)}};
  return document.dump(2) + "\n";
}

}  // namespace command
