// SPDX-License-Identifier: Apache-2.0
#include "decision/timed_scenes.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace transnet::inline TRANSNET_ABI {
namespace {

SceneRows cut_to_max_length(const SceneRows& scenes, const Timeline& timeline, const DecisionOptions& options) {
  SceneRows pieces;
  for (const auto& [start, end] : scenes) {
    for (std::int64_t current = start; current < end;) {
      const double limit_s = timeline.start_s(current) + options.max_length_s + rounding_s;
      const std::int64_t next = std::min(timeline.last_frame_until(limit_s), end);
      if (next > current) pieces.push_back({current, next});
      if (options.max_length_mode == MaxLengthMode::truncate) break;
      current = std::max(next, current + 1);
    }
  }
  return pieces;
}

Span crop(const Span& scene, const Timeline& timeline, double crop_s) {
  return {timeline.first_frame_from(timeline.start_s(scene[0]) + crop_s - rounding_s),
          timeline.last_frame_until(timeline.start_s(scene[1]) - crop_s + rounding_s)};
}

}  // namespace

SceneRows get_timed_filtered_scenes(SceneRows scenes, const Timeline& timeline, const DecisionOptions& options) {
  if (options.max_length_s > 0.0) scenes = cut_to_max_length(scenes, timeline, options);
  if (options.crop_s > 0.0) {
    for (auto& scene : scenes) scene = crop(scene, timeline, options.crop_s);
  }
  std::erase_if(scenes, [](const Span& scene) { return scene[1] <= scene[0]; });
  if (options.min_length_s > 0.0) {
    std::erase_if(scenes, [&](const Span& scene) {
      return timeline.start_s(scene[1]) - timeline.start_s(scene[0]) + rounding_s < options.min_length_s;
    });
  }
  return scenes;
}

}  // namespace transnet::inline TRANSNET_ABI
