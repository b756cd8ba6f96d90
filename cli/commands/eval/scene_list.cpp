// SPDX-License-Identifier: Apache-2.0
// Frame numbers: training/consolidate_datasets.py of TransNetV2's repository takes RAI's lists as they are, and adds 1
// to the numbers of BBC's. inference/README.md: scenes.txt is "indexed from zero, both limits inclusive".
#include <spdlog/fmt/fmt.h>

#include <optional>
#include <sstream>

#include "commands/eval/label_formats.hpp"

namespace command {

void read_scene_list(const std::string& text, std::int64_t first_number, LabelledVideo& video) {
  std::istringstream stream(text);
  std::optional<std::int64_t> before;  // the last frame of the scene before
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    const auto place = line_place(++number);
    std::istringstream words(line);
    std::string first_word;
    std::string last_word;
    std::string more;
    if (!(words >> first_word)) continue;
    if (!(words >> last_word) || words >> more) {
      throw Mistake(place, fmt::format("expected the first and the last frame of a scene, found '{:.80}'", line));
    }
    const auto first = frame_in(place, first_word) - first_number;
    const auto last = frame_in(place, last_word) - first_number;
    if (last < first) throw Mistake(place, fmt::format("a scene from frame {} back to {}", first_word, last_word));
    if (before) {
      if (first < *before) {
        throw Mistake(place, fmt::format("the scene starts at frame {}, inside the scene before it", first_word));
      }
      video.add(place, *before, first);
    }
    before = last;
    if (last > video.last_frame) {
      video.last_frame = last;
      video.last_place = place;
    }
  }
  if (!before) throw Mistake("line 1", "the list has no scene; a video without a transition is one scene");
}

}  // namespace command
