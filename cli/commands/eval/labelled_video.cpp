// SPDX-License-Identifier: Apache-2.0
#include "commands/eval/labelled_video.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

#include "base/counted.hpp"
#include "formats/text.hpp"
#include "io/json_input.hpp"

namespace command {
namespace {

transnet::TransitionKind kind_of(const transnet::FrameRange& range, const std::string& word) {
  if (word.empty()) return kind_of_length(range);
  return word == to_string(transnet::TransitionKind::cut) ? transnet::TransitionKind::cut
                                                          : transnet::TransitionKind::gradual;
}

}  // namespace

void LabelledVideo::add_frame(const std::string& place, std::int64_t frame) {
  if (frame <= last_frame) return;
  last_frame = frame;
  last_place = place;
}

void LabelledVideo::add(const std::string& place, std::int64_t before, std::int64_t after, const std::string& word) {
  if (after < before) throw Mistake(place, fmt::format("a transition from frame {} back to frame {}", before, after));
  auto& transitions = labels.transitions;
  if (!transitions.empty() && before < transitions.back().end_frame) {
    throw Mistake(place, fmt::format("the transition starts at frame {}, before the end of the one before it, {}",
                                     before, transitions.back().end_frame));
  }
  const transnet::FrameRange range{before, after};
  transitions.push_back({range, kind_of(range, word), word, false});
  add_frame(place, after);
}

void LabelledVideo::add_uncertain(const std::string& place, std::int64_t first, std::int64_t last) {
  if (last < first) throw Mistake(place, fmt::format("frames from {} back to {}", first, last));
  const transnet::FrameRange range{first, last + 1};
  const auto shares = [&range](const transnet::FrameRange& other) {
    return other.start_frame < range.end_frame && range.start_frame < other.end_frame;
  };
  for (const auto& transition : labels.transitions) {
    if (!shares(transition)) continue;
    throw Mistake(place, fmt::format("frames {} to {} overlap the transition from frame {} to {}", first, last,
                                     transition.start_frame, transition.end_frame));
  }
  if (std::ranges::any_of(labels.uncertain, shares)) {
    throw Mistake(place, fmt::format("frames {} to {} overlap other uncertain ones", first, last));
  }
  labels.uncertain.push_back(range);
  add_frame(place, last);
}

void LabelledVideo::check_length(std::int64_t count, const std::string& whose) const {
  if (last_frame < count) return;
  throw Mistake(last_place, fmt::format("frame {} is beyond the {} of {}", last_frame,
                                        transnet::base::counted(count, "frame"), whose));
}

std::pair<std::int64_t, std::int64_t> pair_of(const std::string& place, const Json& json) {
  if (!json.is_array() || json.size() != 2) {
    throw Mistake(place, fmt::format("expected two frame numbers, found {:.80}", to_line(json)));
  }
  return {frame_of(place, json[0]), frame_of(place, json[1])};
}

std::string video_key(const std::filesystem::path& name) {
  constexpr std::array endings = {".json", ".jsonl", ".ndjson", ".csv", ".txt",   ".mp4",    ".mkv",
                                  ".mov",  ".avi",   ".webm",   ".ts",  ".m4v",   ".mpg",    ".mpeg",
                                  ".flv",  ".wmv",   ".truth",  ".gt",  ".clips", ".scenes", ".predictions"};
  std::filesystem::path key = name.filename();
  while (std::ranges::find(endings, lower_case_ending(key)) != endings.end()) key = key.stem();
  std::string text = key.native();
  for (const std::string_view ending : {"-Scenes", "_gt"}) {
    if (text.size() > ending.size() && text.ends_with(ending)) text.resize(text.size() - ending.size());
  }
  return text;
}

}  // namespace command
