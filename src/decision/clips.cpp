#include "transnet/clips.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/number_text.hpp"
#include "base/pathlib_name.hpp"
#include "decision/timed_scenes.hpp"
#include "transnet/predictions.hpp"

namespace transnet {
namespace {

/// int(seconds * framerate) as the reference counts; 0 seconds switch a length off.
std::optional<std::int64_t> to_frames(double seconds, double framerate) {
  if (seconds == 0.0) return std::nullopt;
  constexpr double beyond_any_video = 0x1p60;
  return static_cast<std::int64_t>(std::min(seconds * framerate, beyond_any_video));
}

Scenes keep_wanted_lengths(const Scenes& scenes, const Timeline& timeline, const ClipExtractorOptions& options) {
  if (!timeline.is_constant_rate()) {
    return get_timed_filtered_scenes(
        scenes, timeline, {options.min_length_s, options.max_length_s, options.max_length_mode, options.crop_s});
  }
  const double framerate = timeline.framerate();
  const auto max_length = to_frames(options.max_length_s, framerate);
  if (max_length == 0) {
    throw Error(ErrorCode::invalid_argument, "max_length_s " + number_text(options.max_length_s) +
                                                 " is less than a frame at " + number_text(framerate) +
                                                 " frames a second");
  }
  return get_filtered_scenes(scenes, to_frames(options.min_length_s, framerate), max_length, options.max_length_mode,
                             to_frames(options.crop_s, framerate));
}

std::string why_no_clip(const VideoClips& result, const Timeline& timeline, const ClipExtractorOptions& options) {
  if (result.scenes.rows() == 0) return "no clip: no transition was found, and entire_scene_as_clip is off";
  double longest_s = 0.0;
  for (const auto& scene : result.scenes.rowwise()) {
    longest_s = std::max(longest_s, timeline.start_s(scene[1]) - timeline.start_s(scene[0]));
  }
  const auto count = result.scenes.rows();
  std::string reason = "no clip: " + std::to_string(count) + (count == 1 ? " scene" : " scenes");
  reason += longest_s < options.min_length_s ? ", all shorter than " + number_text(options.min_length_s) + " s"
                                             : ", none long enough once cut and cropped";
  return reason + " (the longest lasts " + number_text(std::round(longest_s * 1e3) / 1e3) + " s; min_length_s " +
         number_text(options.min_length_s) + ", max_length_s " + number_text(options.max_length_s) + ", crop_s " +
         number_text(options.crop_s) + ")";
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
  shift(result.shots);
  shift(result.clips);
}

}  // namespace

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::complete: return "complete";
    case Status::partial: return "partial";
    case Status::failed: return "failed";
  }
  return "failed";
}

std::vector<Transition> find_transitions(const std::vector<float>& probabilities, const Timeline& timeline,
                                         double threshold) {
  std::vector<Transition> transitions;
  const Predictions predictions = apply_threshold(probabilities, threshold);
  for (std::int64_t frame = 0; frame < predictions.size(); ++frame) {
    if (predictions[frame] == 0) continue;
    const float probability = probabilities[static_cast<std::size_t>(frame)];
    if (!transitions.empty() && transitions.back().last_frame == frame - 1) {
      transitions.back().last_frame = frame;
      transitions.back().probability = std::max(transitions.back().probability, probability);
    } else {
      transitions.push_back({frame, frame, probability});
    }
  }
  for (auto& transition : transitions) {
    transition.start_s = timeline.start_s(transition.first_frame);
    transition.end_s = timeline.start_s(transition.last_frame + 1);
  }
  return transitions;
}

std::vector<ShotSpan> find_shots(const Scenes& scenes, const Timeline& timeline) {
  std::vector<ShotSpan> shots;
  for (const auto& scene : scenes.rowwise()) {
    const std::int64_t end_frame = std::min(scene[1] + 1, timeline.frame_count());
    shots.push_back({scene[0], end_frame, timeline.start_s(scene[0]), timeline.start_s(end_frame)});
  }
  return shots;
}

Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame) {
  return uuid5_url(pathlib_name(video) + "_" + std::to_string(start_frame) + "_" + std::to_string(end_frame));
}

VideoClips find_clips(const VideoPredictions& predictions, const ClipExtractorOptions& options) {
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
    result.warnings.emplace_back("no clip: there is no frame");
    return result;
  }
  result.duration_s = timeline.start_s(result.frame_count);
  result.transitions = find_transitions(predictions.single, timeline, options.threshold);
  result.scenes = get_scenes(apply_threshold(predictions.single, options.threshold), options.entire_scene_as_clip);
  result.shots = find_shots(result.scenes, timeline);

  const std::string source_video = pathlib_name(predictions.video);
  const Scenes wanted = keep_wanted_lengths(result.scenes, timeline, options);
  for (const auto& row : wanted.rowwise()) {
    result.clips.push_back({.uuid = clip_uuid(source_video, row[0], row[1]),
                            .source_video = source_video,
                            .start_frame = row[0],
                            .end_frame = row[1],
                            .start_s = timeline.start_s(row[0]),
                            .end_s = timeline.start_s(row[1])});
    if (options.limit_clips > 0 && std::ssize(result.clips) >= options.limit_clips) break;
  }
  if (result.clips.empty()) result.warnings.push_back(why_no_clip(result, timeline, options));
  result.origin_s = timeline.origin_s();
  if (options.absolute_times) use_absolute_times(result);
  return result;
}

}  // namespace transnet
