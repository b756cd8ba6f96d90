// SPDX-License-Identifier: Apache-2.0
// Source: github.com/wentaozhu/AutoShot, kuaishou_v2.txt. Frames count from 0, and a line is the last frame of the shot
// before and the first frame of the shot after: the authors' scenes, gt_scenes_dict_baseline_v2.pickle, are [0, 130],
// [131, 254], ... for the lines 130,131 and 254,255. The number after a name is the last frame: the videos have 25
// frames a second and last whole seconds, and the numbers are one less than a multiple of 25.
#include <spdlog/fmt/fmt.h>

#include <sstream>

#include "commands/eval/label_formats.hpp"
#include "formats/text.hpp"

namespace command {
namespace {

void read_name(const std::string& place, std::string_view line, LabelledVideo& video) {
  const auto space = line.find_last_of(" \t");
  video.name = line;
  if (space == std::string_view::npos) return;
  video.name = trimmed(line.substr(0, space));
  video.frame_count = frame_in(place, line.substr(space + 1)) + 1;
}

/// The published file writes a pair as "130,131", "130,131,", "130 131" or "[130,131]".
void read_pair(const std::string& place, std::string_view line, LabelledVideo& video) {
  auto pair = line;
  if (pair.starts_with('[') && pair.ends_with(']')) pair = pair.substr(1, pair.size() - 2);
  if (pair.ends_with(',')) pair.remove_suffix(1);
  const auto between = pair.find_first_of(", ");
  if (between == std::string_view::npos) {
    throw Mistake(place, fmt::format("expected two frame numbers, found '{:.80}'", line));
  }
  video.add(place, frame_in(place, trimmed(pair.substr(0, between))),
            frame_in(place, trimmed(pair.substr(between + 1))));
  if (video.frame_count) video.check_length(*video.frame_count, "the video");
}

}  // namespace

std::vector<LabelledVideo> read_autoshot_list(const std::string& text, const std::filesystem::path& file) {
  std::vector<LabelledVideo> videos;
  std::istringstream stream(text);
  std::size_t number = 0;
  for (std::string whole; std::getline(stream, whole);) {
    const auto line = trimmed(whole);
    const auto place = line_place(++number);
    if (line.empty()) continue;
    const bool is_name = line.find_first_not_of("0123456789,.[] \t") != std::string_view::npos;
    if (is_name) {
      videos.emplace_back().file = file;
    } else if (videos.empty()) {
      throw Mistake(place, "frame numbers before the name of a video");
    }
    auto& video = videos.back();
    if (video.mistake) continue;
    try {
      is_name ? read_name(place, line, video) : read_pair(place, line, video);
    } catch (const Mistake& mistake) {
      video.mistake = mistake.what();
    }
  }
  return videos;
}

}  // namespace command
