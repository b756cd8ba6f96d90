// SPDX-License-Identifier: Apache-2.0
#include "transnet/clips.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/counted.hpp"
#include "base/number_text.hpp"
#include "base/pathlib_name.hpp"
#include "decision/falling_threshold.hpp"
#include "decision/no_clip.hpp"
#include "decision/scene_shots.hpp"
#include "decision/timed_scenes.hpp"
#include "decision/transitions.hpp"
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
  return reason + " (the longest lasts " + number_text(thousandths(longest_s)) + " s; min_length_s " +
         number_text(options.min_length_s) + ", max_length_s " + number_text(options.max_length_s) + ", crop_s " +
         number_text(options.crop_s) + ")";
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
    result.warnings.push_back(base::counted(count, "border") + " between shots stayed: no given frame is within " +
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
