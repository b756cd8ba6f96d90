// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>

#include "commands/eval/label_formats.hpp"
#include "formats/clips_schema.hpp"

namespace command {

void read_clips_json(const Json& json, LabelledVideo& video) {
  if (!is_clips_schema(json.value("schema", ""))) throw Mistake("the object", std::string(clips_schema_mistake));
  video.name = json.value("video", "");
  if (const auto status = json.value("status", ""); status == "failed") {
    throw Mistake(fmt::format("\"{}\"", video.name), "the result of a video that failed");
  }
  video.frame_count = frame_of("the object", json, "frame_count");
  if (const auto rate = json.find("framerate"); rate != json.end() && rate->is_number()) video.framerate = *rate;
  const auto& transitions = array_of("the object", json, "transitions");
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const auto place = fmt::format("transition {}", i + 1);
    if (!transitions[i].is_object()) throw Mistake(place, "not a JSON object");
    const auto start = frame_of(place, transitions[i], "first_frame");
    const auto end = frame_of(place, transitions[i], "last_frame") + 1;
    // Results before transitions had kinds are read as well.
    video.add(place, start, end, transitions[i].value("kind", ""));
    video.labels.transitions.back().is_at_edge = start == 0 || end == *video.frame_count;
  }
  video.check_length(*video.frame_count + 1, "the video");
}

}  // namespace command
