// SPDX-License-Identifier: Apache-2.0
#include "decision/scene_shots.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include "decision/short_shots.hpp"
#include "decision/transitions.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// `frames` hold all transitions, and are to the scenes as a video of its own.
SceneRows scenes_of(const std::vector<Transition>& transitions, const FrameRange& frames, bool entire_scene_as_clip) {
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(frames.length()));
  for (const auto& transition : transitions) {
    std::fill(marks.begin() + (transition.start_frame - frames.start_frame),
              marks.begin() + (transition.end_frame - frames.start_frame), std::uint8_t{1});
  }
  auto scenes = get_scenes(marks, entire_scene_as_clip);
  for (auto& [start, last] : scenes) {
    start += frames.start_frame;
    last += frames.start_frame;
  }
  return scenes;
}

/// The frame at which the shot before ends and the shot after begins. [start, end) are the frames of the transition
/// after its first frame.
std::int64_t border_in(std::int64_t start, std::int64_t end, TransitionFrames transition_frames) {
  switch (transition_frames) {
    case TransitionFrames::previous: return end;
    case TransitionFrames::split: return std::midpoint(start, end);  // rounds towards the start
    case TransitionFrames::none:
    case TransitionFrames::next: break;
  }
  return start;
}

void start_at(TimeSpan& shot, std::int64_t frame, const Timeline& timeline) {
  shot.start_frame = frame;
  shot.start_s = timeline.start_s(frame);
}

void end_at(TimeSpan& shot, std::int64_t frame, const Timeline& timeline) {
  shot.end_frame = frame;
  shot.end_s = timeline.start_s(frame);
}

std::vector<TimeSpan> shots_of(std::vector<TimeSpan> scenes, const FrameRange& frames, const Timeline& timeline,
                               TransitionFrames transition_frames) {
  if (transition_frames == TransitionFrames::none || scenes.empty()) return scenes;
  // A transition at the first or the last of the frames has only one shot beside it.
  start_at(scenes.front(), frames.start_frame, timeline);
  end_at(scenes.back(), frames.end_frame, timeline);
  for (std::size_t i = 1; i < scenes.size(); ++i) {
    const auto border = border_in(scenes[i - 1].end_frame, scenes[i].start_frame, transition_frames);
    end_at(scenes[i - 1], border, timeline);
    start_at(scenes[i], border, timeline);
  }
  return scenes;
}

}  // namespace

std::vector<TimeSpan> spans_of(const SceneRows& scenes, const FrameRange& frames, const Timeline& timeline) {
  std::vector<TimeSpan> spans;
  for (const auto& [start, last] : scenes) {
    const std::int64_t end = std::min(last + 1, frames.end_frame);
    spans.push_back({start, end, timeline.start_s(start), timeline.start_s(end)});
  }
  return spans;
}

SceneShots scene_shots_of(const std::vector<Transition>& transitions, const VideoPredictions& predictions,
                          const DecisionOptions& options) {
  const FrameRange frames = decided_frames(predictions);
  const Timeline& timeline = predictions.timeline;
  auto scenes = scenes_of(transitions, frames, options.entire_scene_as_clip);
  auto shots = shots_of(spans_of(scenes, frames, timeline), frames, timeline, options.transition_frames);
  return {std::move(scenes), std::move(shots)};
}

BorderSnapCounts snap_scene_shots(BorderSnap snap, const Timeline& timeline, SceneShots& found) {
  auto& [scenes, shots] = found;
  if (shots.size() < 2) return {};
  // The first and the last shot keep frames of their own.
  std::erase_if(snap.frames, [first = shots.front().start_frame, end = shots.back().end_frame](std::int64_t frame) {
    return frame <= first || frame >= end;
  });
  std::vector<std::int64_t> borders;
  for (std::size_t i = 1; i < shots.size(); ++i) borders.push_back(shots[i].start_frame);
  const auto snapped = snap_borders(borders, snap);
  BorderSnapCounts counts;
  for (std::size_t i = 1; i < shots.size(); ++i) {
    const auto frame = snapped[i - 1];
    if (!std::ranges::binary_search(snap.frames, frame)) {
      ++counts.elsewhere;
      continue;
    }
    if (frame != borders[i - 1]) ++counts.moved;
    scenes[i - 1] = {std::min(scenes[i - 1][0], frame - 1), frame - 1};
    scenes[i] = {frame, std::max(scenes[i][1], frame)};
    end_at(shots[i - 1], frame, timeline);
    start_at(shots[i], frame, timeline);
    if (shots[i].end_frame <= frame) end_at(shots[i], frame + 1, timeline);
  }
  return counts;
}

bool join_short_shots(const VideoPredictions& predictions, const DecisionOptions& options, const BorderSnap& snap,
                      std::vector<Transition>& transitions) {
  if (options.min_shot_s == 0.0 || options.short_shots == ShortShots::drop) return false;
  auto found = scene_shots_of(transitions, predictions, options);
  const auto scenes = found.scenes;
  snap_scene_shots(snap, predictions.timeline, found);
  const auto firsts = first_shots_after_joining(found.shots, options);
  const auto is_inside = [&](const Transition& transition) {
    const auto scene =
        std::ranges::lower_bound(scenes, transition.end_frame, {}, [](const Span& row) { return row[0]; });
    if (scene == scenes.end() || scene == scenes.begin() || (*scene)[0] != transition.end_frame) return false;
    return !std::ranges::binary_search(firsts, static_cast<std::size_t>(scene - scenes.begin()));
  };
  return std::erase_if(transitions, is_inside) > 0;
}

void drop_short_shots(const DecisionOptions& options, SceneShots& found) {
  if (options.min_shot_s == 0.0 || options.short_shots != ShortShots::drop) return;
  SceneShots kept;
  for (std::size_t i = 0; i < found.shots.size(); ++i) {
    if (is_short_shot(found.shots[i].end_s - found.shots[i].start_s, options)) continue;
    kept.scenes.push_back(found.scenes[i]);
    kept.shots.push_back(found.shots[i]);
  }
  found = std::move(kept);
}

}  // namespace transnet::inline TRANSNET_ABI
