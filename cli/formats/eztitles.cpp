// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/writers.hpp"
#include "formats/xml.hpp"

namespace command {

// Source: the readers of Subtitle Edit and of Shot Change Tools: /shotchanges/video/frame_rate and
// /shotchanges/shotchanges_list/shotchange@frame. The latter expects the comment in the second line.
std::string write_eztitles(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  const auto timeline = edit_timeline(video, entries);
  auto document = new_xml_document();
  document.append_child(pugi::node_comment).set_value(" EZTitles shot changes ");
  auto root = document.append_child("shotchanges");
  root.append_attribute("version") = "1.0";
  auto source = root.append_child("video");
  add_text(source, "frame_rate", fmt::format("{}", timeline.rate.frames_per_second()));
  auto list = root.append_child("shotchanges_list");
  for (const auto& placed : timeline.entries) {
    const auto frame = placed.first_frame_of_shot();
    if (frame == 0 || frame >= timeline.media_frames) continue;
    if (is_start_of_part(video, placed.entry.first_frame_of_shot())) continue;
    list.append_child("shotchange").append_attribute("frame") = std::to_string(frame).c_str();
  }
  return to_text(document);
}

}  // namespace command
