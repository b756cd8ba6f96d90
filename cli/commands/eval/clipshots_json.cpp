// SPDX-License-Identifier: Apache-2.0
// Source: github.com/Tangshitao/ClipShots, annotations/*.json and tools/evaluate.py. A pair is the last frame of the
// shot before and the first frame of the shot after, counted from 0: training/consolidate_datasets.py of TransNetV2's
// repository takes them for the end of a scene and the start of the next, "zeroindexed".
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <tuple>

#include "commands/eval/label_formats.hpp"

namespace command {
namespace {

struct Labelled {
  std::int64_t last = 0;
  std::int64_t first = 0;
  std::string place;
  std::string word;
};

void read_pairs(const std::string& video, const Json& object, const char* name, const char* word,
                std::vector<Labelled>& pairs) {
  const auto& list = array_of(video, object, name);
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto place = fmt::format("{}, {} {}", video, *word == '\0' ? "transition" : word, i + 1);
    const auto [last, first] = pair_of(place, list[i]);
    pairs.push_back({last, first, std::move(place), word});
  }
}

void read_video(const std::string& place, const Json& object, LabelledVideo& video) {
  if (!object.is_object()) throw Mistake(place, "not a JSON object");
  std::vector<Labelled> pairs;
  if (object.contains("transitions")) {
    read_pairs(place, object, "transitions", "", pairs);
    video.frame_count = frame_of(place, object, "frame_num");
    video.may_lack_first_frame = true;
  } else {
    read_pairs(place, object, "cut", "cut", pairs);
    read_pairs(place, object, "gradual", "gradual", pairs);
    std::ranges::stable_sort(pairs, {}, [](const Labelled& pair) { return std::tuple(pair.last, pair.first); });
  }
  for (const auto& pair : pairs) video.add(pair.place, pair.last, pair.first, pair.word);
  if (video.frame_count) video.check_length(*video.frame_count, "its \"frame_num\"");
}

}  // namespace

std::vector<LabelledVideo> read_clipshots_json(const Json& json, const std::filesystem::path& file) {
  std::vector<LabelledVideo> videos;
  for (const auto& [name, object] : json.items()) {
    auto& video = videos.emplace_back();
    video.file = file;
    video.name = name;
    try {
      read_video(fmt::format("\"{}\"", name), object, video);
    } catch (const Mistake& mistake) {
      video.mistake = mistake.what();
    }
  }
  return videos;
}

}  // namespace command
