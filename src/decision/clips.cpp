// SPDX-License-Identifier: Apache-2.0
#include "transnet/clips.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "base/counted.hpp"
#include "base/number_text.hpp"
#include "base/pathlib_name.hpp"
#include "decision/falling_threshold.hpp"
#include "decision/no_clip.hpp"
#include "decision/short_shots.hpp"
#include "decision/timed_scenes.hpp"
#include "transnet/error.hpp"
#include "transnet/scene_rows.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// int(seconds * framerate) as in the reference; 0 seconds turn a length off.
std::optional<std::int64_t> to_frames(double seconds, double framerate) {
  if (seconds == 0.0) return std::nullopt;
  constexpr double beyond_any_video = 0x1p60;
  return static_cast<std::int64_t>(std::min(seconds * framerate, beyond_any_video));
}

SceneRows keep_wanted_lengths(const SceneRows& scenes, const Timeline& timeline, const DecisionOptions& options) {
  if (!timeline.is_constant_rate()) {
    return get_timed_filtered_scenes(scenes, timeline, options);
  }
  const double framerate = timeline.framerate();
  const auto max_length = to_frames(options.max_length_s, framerate);
  if (max_length == 0) {
    throw Error(ErrorCode::invalid_argument, "max_length_s " + number_text(options.max_length_s) +
                                                 " is shorter than a frame at " + number_text(framerate) +
                                                 " frames per second");
  }
  return get_filtered_scenes(scenes, to_frames(options.min_length_s, framerate), max_length, options.max_length_mode,
                             to_frames(options.crop_s, framerate));
}

std::string why_no_clip(const SceneRows& scenes, const Timeline& timeline, const DecisionOptions& options) {
  std::string reason(no_clip);
  if (scenes.empty() && options.min_shot_s > 0.0) {
    return reason + "no shot of at least min_shot_s " + number_text(options.min_shot_s) + " was found";
  }
  if (scenes.empty()) return reason + "no transition was found, and entire_scene_as_clip is off";
  double longest_s = 0.0;
  for (const auto& [start, end] : scenes) {
    longest_s = std::max(longest_s, timeline.start_s(end) - timeline.start_s(start));
  }
  const auto count = scenes.size();
  reason += base::counted(count, "scene");
  reason += longest_s < options.min_length_s ? ", all shorter than " + number_text(options.min_length_s) + " s"
                                             : ", all too short after cutting and cropping";
  return reason + " (the longest lasts " + number_text(std::round(longest_s * 1e3) / 1e3) + " s; min_length_s " +
         number_text(options.min_length_s) + ", max_length_s " + number_text(options.max_length_s) + ", crop_s " +
         number_text(options.crop_s) + ")";
}

constexpr std::int64_t max_cut_frames = 2;
// Tells a gradual transition from a cut if `many_hot_threshold` is off. The head marks a hard cut in one frame.
constexpr double kind_threshold = 0.1;

/// Frames [start, end) of a transition.
struct Run {
  std::int64_t start = 0;
  std::int64_t end = 0;

  [[nodiscard]] std::int64_t length() const noexcept { return end - start; }
};

/// The frames of the analysed part, about which alone is decided.
Run decided_frames(const VideoPredictions& predictions) {
  const Run all{0, std::ssize(predictions.single)};
  if (!predictions.analysed) return all;
  const Run part{predictions.analysed->start_frame, predictions.analysed->end_frame};
  if (part.start >= all.start && part.start < part.end && part.end <= all.end) return part;
  throw Error(ErrorCode::invalid_argument, predictions.video + ": the analysed frames [" + std::to_string(part.start) +
                                               ", " + std::to_string(part.end) + ") are no part of a video of " +
                                               base::counted(all.end, "frame"));
}

/// The runs of frames above either threshold that have a frame above the threshold of `single`.
std::vector<Run> runs_of(const VideoPredictions& predictions, double threshold, double many_hot_threshold) {
  std::vector<Run> runs;
  Run run;
  bool is_found = false;
  const auto close = [&] {
    if (is_found) runs.push_back(run);
    is_found = false;
  };
  const Run frames = decided_frames(predictions);
  for (std::int64_t frame = frames.start; frame < frames.end; ++frame) {
    const auto i = static_cast<std::size_t>(frame);
    const bool is_core = is_transition(predictions.single[i], threshold);
    if (!is_core && (predictions.many_hot.empty() || !is_transition(predictions.many_hot[i], many_hot_threshold))) {
      continue;
    }
    if (run.end != frame) {
      close();
      run.start = frame;
    }
    run.end = frame + 1;
    is_found = is_found || is_core;
  }
  close();
  return runs;
}

HeadSummary summary_of(const std::vector<float>& probabilities, const Run& run) {
  const auto values =
      std::span(probabilities).subspan(static_cast<std::size_t>(run.start), static_cast<std::size_t>(run.length()));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {std::ranges::max(values), static_cast<float>(sum / static_cast<double>(values.size()))};
}

/// `frames` hold all transitions, and are to the scenes as a video of its own.
SceneRows scenes_of(const std::vector<Transition>& transitions, const Run& frames, bool entire_scene_as_clip) {
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(frames.length()));
  for (const auto& transition : transitions) {
    std::fill(marks.begin() + (transition.start_frame - frames.start),
              marks.begin() + (transition.end_frame - frames.start), std::uint8_t{1});
  }
  auto scenes = get_scenes(marks, entire_scene_as_clip);
  for (auto& [start, last] : scenes) {
    start += frames.start;
    last += frames.start;
  }
  return scenes;
}

std::vector<TimeSpan> spans_of(const SceneRows& scenes, const Run& frames, const Timeline& timeline) {
  std::vector<TimeSpan> spans;
  for (const auto& [start, last] : scenes) {
    const std::int64_t end = std::min(last + 1, frames.end);
    spans.push_back({start, end, timeline.start_s(start), timeline.start_s(end)});
  }
  return spans;
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

std::vector<TimeSpan> shots_of(std::vector<TimeSpan> scenes, const Run& frames, const Timeline& timeline,
                               TransitionFrames transition_frames) {
  if (transition_frames == TransitionFrames::none || scenes.empty()) return scenes;
  // A transition at the first or the last of the frames has only one shot beside it.
  start_at(scenes.front(), frames.start, timeline);
  end_at(scenes.back(), frames.end, timeline);
  for (std::size_t i = 1; i < scenes.size(); ++i) {
    const auto border = border_in(scenes[i - 1].end_frame, scenes[i].start_frame, transition_frames);
    end_at(scenes[i - 1], border, timeline);
    start_at(scenes[i], border, timeline);
  }
  return scenes;
}

/// The transitions above the thresholds.
std::vector<Transition> transitions_above(const VideoPredictions& predictions, double threshold,
                                          double many_hot_threshold) {
  const Timeline& timeline = predictions.timeline;
  const bool is_extended = many_hot_threshold < 1.0;
  // Each run lies in one extent: extents hold the same frames and possibly more.
  const auto extents = runs_of(predictions, threshold, is_extended ? many_hot_threshold : kind_threshold);
  std::vector<Transition> transitions;
  auto extent = extents.begin();
  for (const auto& run : is_extended ? extents : runs_of(predictions, threshold, 1.0)) {
    while (extent->end <= run.start) ++extent;
    transitions.push_back({{run.start, run.end, timeline.start_s(run.start), timeline.start_s(run.end)},
                           extent->length() > max_cut_frames ? TransitionKind::gradual : TransitionKind::cut,
                           summary_of(predictions.single, run),
                           std::nullopt});
    if (!predictions.many_hot.empty()) transitions.back().many_hot = summary_of(predictions.many_hot, run);
  }
  return transitions;
}

/// The scenes and the shots between transitions; both have the same number.
struct SceneShots {
  SceneRows scenes;
  std::vector<TimeSpan> shots;
};

SceneShots scene_shots_of(const std::vector<Transition>& transitions, const VideoPredictions& predictions,
                          const DecisionOptions& options) {
  const Run frames = decided_frames(predictions);
  const Timeline& timeline = predictions.timeline;
  auto scenes = scenes_of(transitions, frames, options.entire_scene_as_clip);
  auto shots = shots_of(spans_of(scenes, frames, timeline), frames, timeline, options.transition_frames);
  return {std::move(scenes), std::move(shots)};
}

/// Moves borders to given frames. Both scenes beside such a border meet there. A scene or shot that this would leave
/// without a frame, because its other end lies in a long transition, keeps one.
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

/// Removes the transitions between shots that become one. Returns whether there were any.
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

/// Removes the scenes of short shots as well.
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

/// `snap`: where borders may move, which decides about the lengths of shots.
std::vector<Transition> decide_transitions(const VideoPredictions& predictions, const DecisionOptions& options,
                                           const BorderSnap& snap) {
  if (!predictions.many_hot.empty() && predictions.many_hot.size() != predictions.single.size()) {
    throw Error(ErrorCode::invalid_argument, predictions.video + ": " + std::to_string(predictions.single.size()) +
                                                 " probabilities of one head, " +
                                                 std::to_string(predictions.many_hot.size()) + " of the other");
  }
  const double threshold =
      options.top > 0 ? threshold_for(predictions, options.top, options.many_hot_threshold) : options.threshold;
  auto transitions = transitions_above(predictions, threshold, options.many_hot_threshold);
  // A border that goes frees its given frame for another one, which moves and makes its shot shorter.
  while (join_short_shots(predictions, options, snap, transitions) && !snap.frames.empty()) {
  }
  return transitions;
}

void warn_about_snap(const BorderSnap& snap, VideoClips& result) {
  const auto behind =
      std::ranges::count_if(snap.frames, [count = result.frame_count](std::int64_t frame) { return frame >= count; });
  if (behind > 0 && result.status == Status::complete) {
    result.warnings.push_back("the video ends before " + std::to_string(behind) + " of " +
                              base::counted(snap.frames.size(), "frame") + " to snap to: it has " +
                              std::to_string(result.frame_count));
  }
  if (result.snapped->elsewhere > 0) {
    const auto count = result.snapped->elsewhere;
    result.warnings.push_back(base::counted(count, "border") + " between shots on no given frame: none is within " +
                              base::counted(snap.within_frames, "frame") + ", or another border took it");
  }
}

void use_absolute_times(VideoClips& result) {
  result.start_s = result.origin_s;
  const auto shift = [offset_s = result.start_s](auto& spans) {
    for (auto& span : spans) {
      span.start_s += offset_s;
      span.end_s += offset_s;
    }
  };
  if (result.analysed) {
    result.analysed->start_s += result.start_s;
    result.analysed->end_s += result.start_s;
  }
  shift(result.transitions);
  shift(result.scenes);
  shift(result.shots);
  shift(result.clips);
}

}  // namespace

std::string_view to_string(TransitionKind kind) noexcept { return kind == TransitionKind::gradual ? "gradual" : "cut"; }

std::vector<Transition> find_transitions(const VideoPredictions& predictions, const DecisionOptions& options) {
  return decide_transitions(predictions, options, {});
}

std::vector<TimeSpan> find_shots(const VideoPredictions& predictions, const DecisionOptions& options) {
  auto found = scene_shots_of(find_transitions(predictions, options), predictions, options);
  drop_short_shots(options, found);
  return std::move(found.shots);
}

Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame) {
  return uuid5_url(pathlib_name(video) + "_" + std::to_string(start_frame) + "_" + std::to_string(end_frame));
}

VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options) {
  return find_clips(predictions, options, {});
}

VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options, const BorderSnap& snap) {
  validate(snap);
  VideoClips result;
  result.warnings = predictions.warnings;
  std::ranges::copy(validate(options), std::back_inserter(result.warnings));
  const Timeline& timeline = predictions.timeline;
  result.video = predictions.video;
  result.status = predictions.status;
  result.failure = predictions.failure;
  result.frame_count = static_cast<std::int64_t>(predictions.single.size());
  result.framerate = timeline.framerate();
  result.is_constant_rate = timeline.is_constant_rate();
  result.metadata = predictions.metadata;
  result.analysed = predictions.analysed;
  if (timeline.frame_count() != result.frame_count) {
    throw Error(ErrorCode::invalid_argument,
                predictions.video + ": " + base::counted(result.frame_count, "prediction") + " for a timeline of " +
                    base::counted(timeline.frame_count(), "frame"));
  }

  if (result.frame_count == 0) {
    result.warnings.push_back(std::string(no_clip) + "the video has no frame");
    return result;
  }
  result.duration_s = timeline.start_s(result.frame_count);
  result.transitions = decide_transitions(predictions, options, snap);
  auto found = scene_shots_of(result.transitions, predictions, options);
  if (!snap.frames.empty()) {
    result.snapped = snap_scene_shots(snap, timeline, found);
    warn_about_snap(snap, result);
  }
  drop_short_shots(options, found);
  const SceneRows scenes = std::move(found.scenes);
  result.scenes = spans_of(scenes, decided_frames(predictions), timeline);
  result.shots = std::move(found.shots);

  const std::string source_video = pathlib_name(predictions.video);
  for (const auto& [start, end] : keep_wanted_lengths(scenes, timeline, options)) {
    result.clips.push_back({{start, end, timeline.start_s(start), timeline.start_s(end)},
                            clip_uuid(source_video, start, end),
                            source_video});
    if (options.limit_clips > 0 && std::ssize(result.clips) >= options.limit_clips) break;
  }
  if (result.clips.empty()) result.warnings.push_back(why_no_clip(scenes, timeline, options));
  result.origin_s = timeline.origin_s();
  if (options.absolute_times) use_absolute_times(result);
  return result;
}

}  // namespace transnet::inline TRANSNET_ABI
