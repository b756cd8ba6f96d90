// SPDX-License-Identifier: Apache-2.0
#include "transnet/clips.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>

#include "base/number_text.hpp"
#include "base/pathlib_name.hpp"
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
  if (scenes.empty()) return "no clip: no transition was found, and entire_scene_as_clip is off";
  double longest_s = 0.0;
  for (const auto& [start, end] : scenes) {
    longest_s = std::max(longest_s, timeline.start_s(end) - timeline.start_s(start));
  }
  const auto count = scenes.size();
  std::string reason = "no clip: " + std::to_string(count) + (count == 1 ? " scene" : " scenes");
  reason += longest_s < options.min_length_s ? ", all shorter than " + number_text(options.min_length_s) + " s"
                                             : ", all too short after cutting and cropping";
  return reason + " (the longest lasts " + number_text(std::round(longest_s * 1e3) / 1e3) + " s; min_length_s " +
         number_text(options.min_length_s) + ", max_length_s " + number_text(options.max_length_s) + ", crop_s " +
         number_text(options.crop_s) + ")";
}

SceneRows scenes_of(std::span<const float> probabilities, double threshold, bool entire_scene_as_clip) {
  std::vector<std::uint8_t> predictions(probabilities.size());
  std::ranges::transform(probabilities, predictions.begin(), [threshold](float probability) {
    return static_cast<std::uint8_t>(is_transition(probability, threshold));
  });
  return get_scenes(predictions, entire_scene_as_clip);
}

std::vector<TimeSpan> spans_of(const SceneRows& scenes, const Timeline& timeline) {
  std::vector<TimeSpan> spans;
  for (const auto& [start, last] : scenes) {
    const std::int64_t end = std::min(last + 1, timeline.frame_count());
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

std::vector<TimeSpan> shots_of(std::vector<TimeSpan> scenes, const Timeline& timeline,
                               TransitionFrames transition_frames) {
  if (transition_frames == TransitionFrames::none || scenes.empty()) return scenes;
  const auto start_at = [&timeline](TimeSpan& shot, std::int64_t frame) {
    shot.start_frame = frame;
    shot.start_s = timeline.start_s(frame);
  };
  const auto end_at = [&timeline](TimeSpan& shot, std::int64_t frame) {
    shot.end_frame = frame;
    shot.end_s = timeline.start_s(frame);
  };
  // A transition at the start or the end of the video has only one shot beside it.
  start_at(scenes.front(), 0);
  end_at(scenes.back(), timeline.frame_count());
  for (std::size_t i = 1; i < scenes.size(); ++i) {
    const auto border = border_in(scenes[i - 1].end_frame, scenes[i].start_frame, transition_frames);
    end_at(scenes[i - 1], border);
    start_at(scenes[i], border);
  }
  return scenes;
}

void use_absolute_times(VideoClips& result) {
  result.start_s = result.origin_s;
  const auto shift = [offset_s = result.start_s](auto& spans) {
    for (auto& span : spans) {
      span.start_s += offset_s;
      span.end_s += offset_s;
    }
  };
  shift(result.transitions);
  shift(result.scenes);
  shift(result.shots);
  shift(result.clips);
}

}  // namespace

std::vector<Transition> find_transitions(std::span<const float> probabilities, const Timeline& timeline,
                                         double threshold) {
  std::vector<Transition> transitions;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (!is_transition(probabilities[i], threshold)) continue;
    const auto frame = static_cast<std::int64_t>(i);
    if (transitions.empty() || transitions.back().end_frame != frame) {
      transitions.push_back({{.start_frame = frame}, probabilities[i]});
    }
    Transition& transition = transitions.back();
    transition.end_frame = frame + 1;
    transition.probability = std::max(transition.probability, probabilities[i]);
  }
  for (auto& transition : transitions) {
    transition.start_s = timeline.start_s(transition.start_frame);
    transition.end_s = timeline.start_s(transition.end_frame);
  }
  return transitions;
}

std::vector<TimeSpan> find_shots(std::span<const float> probabilities, const Timeline& timeline, double threshold,
                                 bool entire_scene_as_clip, TransitionFrames transition_frames) {
  return shots_of(spans_of(scenes_of(probabilities, threshold, entire_scene_as_clip), timeline), timeline,
                  transition_frames);
}

Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame) {
  return uuid5_url(pathlib_name(video) + "_" + std::to_string(start_frame) + "_" + std::to_string(end_frame));
}

VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options) {
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
  if (timeline.frame_count() != result.frame_count) {
    throw Error(ErrorCode::invalid_argument, predictions.video + ": " + std::to_string(result.frame_count) +
                                                 " predictions for a timeline of " +
                                                 std::to_string(timeline.frame_count()) + " frames");
  }

  if (result.frame_count == 0) {
    result.warnings.emplace_back("no clip: the video has no frame");
    return result;
  }
  result.duration_s = timeline.start_s(result.frame_count);
  result.transitions = find_transitions(predictions.single, timeline, options.threshold);
  const SceneRows scenes = scenes_of(predictions.single, options.threshold, options.entire_scene_as_clip);
  result.scenes = spans_of(scenes, timeline);
  result.shots = shots_of(result.scenes, timeline, options.transition_frames);

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
