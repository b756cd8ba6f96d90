// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "formats/json_text.hpp"
#include "formats/writers.hpp"

namespace command {

// Source: Av1an, av1an-core/src/scenes/mod.rs and scene_detect. Its scenes must tile the video, so that they go from
// each first frame of an entry to the next one.
std::string write_av1an(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  auto starts = first_frames_of_shots(video, entries);
  if (starts.empty() || starts.front() != 0) starts.insert(starts.begin(), 0);
  Json scenes = Json::array();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto end = i + 1 < starts.size() ? starts[i + 1] : video.frame_count;
    scenes.push_back({{"start_frame", starts[i]}, {"end_frame", end}, {"zone_overrides", nullptr}});
  }
  const Json document = {{"frames", video.frame_count}, {"scenes", std::move(scenes)}};
  return document.dump(2) + "\n";
}

}  // namespace command
