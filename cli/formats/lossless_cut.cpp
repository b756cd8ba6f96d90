// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "formats/clock.hpp"
#include "formats/json_text.hpp"
#include "formats/media.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

double seconds_of(const transnet::VideoClips& video, double time_s) {
  return static_cast<double>(chapter_ms(ChapterReader::player, video, time_s)) / 1e3;
}

}  // namespace

// Source: LosslessCut, src/renderer/src/types.ts, llcProjectV2Schema. LosslessCut counts time as a web page does.
std::string write_lossless_cut(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  Json segments = Json::array();
  for (const auto& entry : entries) {
    Json segment = {
        {"start", seconds_of(video, entry.start_s)}, {"end", seconds_of(video, entry.end_s)}, {"name", entry.label}};
    if (!entry.uuid.empty()) segment["tags"] = {{"uuid", entry.uuid}};
    segments.push_back(std::move(segment));
  }
  const Json document = {{"version", 2}, {"mediaFileName", media_name(video)}, {"cutSegments", std::move(segments)}};
  return document.dump(2) + "\n";
}

}  // namespace command
