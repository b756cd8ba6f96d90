// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/format.hpp"
#include "transnet/clips.hpp"
#include "transnet/scenes.hpp"

namespace transnet::test {

/// Frames a second.
inline constexpr double ntsc = 30000.0 / 1001.0;

/// A handmade result with known content: 250 frames, a hard cut at 29, a transition from 100 to 104, two clips. Frame k
/// is shown at k / framerate.
inline VideoClips example_at(double framerate, std::string name = "bikes.mp4") {
  const auto at = [framerate](std::int64_t frame) { return static_cast<double>(frame) / framerate; };
  VideoClips video;
  video.video = std::move(name);
  video.frame_count = 250;
  video.framerate = framerate;
  video.duration_s = at(250);
  video.transitions = {{{29, 30, at(29), at(30)}, TransitionKind::cut, {0.98F, 0.98F}, HeadSummary{0.75F, 0.75F}},
                       {{100, 105, at(100), at(105)}, TransitionKind::gradual, {0.5F, 0.45F}, std::nullopt}};
  video.shots = {{0, 30, at(0), at(30)}, {30, 101, at(30), at(101)}, {105, 250, at(105), at(250)}};
  video.scenes = video.shots;
  for (const auto& [start, end] : std::vector<std::pair<std::int64_t, std::int64_t>>{{42, 88}, {117, 237}}) {
    video.clips.push_back({{start, end, at(start), at(end)}, clip_uuid(video.video, start, end), video.video});
  }
  return video;
}

/// The same on the clock of its container, as `DecisionOptions::absolute_times` has it.
inline VideoClips with_absolute_times(VideoClips video) {
  const auto shift = [&video](auto& spans) {
    for (auto& span : spans) {
      span.start_s += video.origin_s;
      span.end_s += video.origin_s;
    }
  };
  shift(video.transitions);
  shift(video.scenes);
  shift(video.shots);
  shift(video.clips);
  video.start_s = video.origin_s;
  return video;
}

inline const command::Format& format_named(std::string_view name) {
  const auto format = std::ranges::find(command::formats(), name, &command::Format::name);
  if (format == command::formats().end()) throw std::invalid_argument("no format " + std::string(name));
  return *format;
}

/// The content of a file in that format.
inline std::string written_as(std::string_view format, const std::vector<VideoClips>& videos,
                              std::optional<command::SpanKind> what = std::nullopt,
                              const command::ResultFacts& facts = {}, const command::FormatOptions& options = {}) {
  const auto& chosen = format_named(format);
  const auto writer = make_clip_writer(
      chosen, {.what = what.value_or(chosen.what), .video_count = videos.size(), .columns = {}}, options);
  std::string text;
  for (const auto& video : videos) text += writer->add(video, facts);
  return text + writer->finish();
}

}  // namespace transnet::test
