// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/json_text.hpp"
#include "formats/writers.hpp"

namespace command {

// Source: Kdenlive, MarkerListModel::importFromJson: frames at the project's rate, and a category.
std::string write_kdenlive_markers(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  Json markers = Json::array();
  const auto timeline = edit_timeline(video, entries);
  for (const auto& placed : timeline.entries) {
    if (placed.first_frame_of_shot() >= timeline.media_frames) continue;  // no shot follows a transition at the end
    markers.push_back({{"pos", placed.first_frame_of_shot()}, {"comment", placed.entry.label}, {"type", 0}});
  }
  return markers.dump(2) + "\n";
}

}  // namespace command
