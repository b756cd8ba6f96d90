// SPDX-License-Identifier: Apache-2.0
#include "formats/format_options.hpp"

namespace command {

Json format_settings(const FormatOptions& options) {
  // The binding makes sure that a new field is here.
  const auto& [has_audio, start_timecode, reel, title, max_chapters, chapter_distance_s, grid_frames] = options;
  return {{"has_audio", has_audio},
          {"start_timecode", start_timecode ? Json(to_string(*start_timecode)) : Json()},
          {"reel", reel},
          {"title", title},
          {"max_chapters", max_chapters},
          {"chapter_distance_s", chapter_distance_s},
          {"grid_frames", grid_frames}};
}

}  // namespace command
