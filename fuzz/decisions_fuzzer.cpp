// SPDX-License-Identifier: Apache-2.0
// The pure functions against second, naive implementations, and what find_clips promises for any timeline.

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "fuzz.hpp"
#include "transnet/clips.hpp"
#include "transnet/error.hpp"
#include "transnet/scenes.hpp"
#include "transnet/windows.hpp"

namespace {

using namespace transnet;

std::vector<Span> rows_of(const Scenes& scenes) {
  std::vector<Span> rows;
  for (const auto& row : scenes.rowwise()) rows.push_back({row[0], row[1]});
  return rows;
}

/// From the definition: a scene ends at the first frame of every run of ones but one at 0, and the next one starts
/// behind that run.
std::vector<Span> naive_scenes(const std::vector<bool>& ones, bool entire_scene_as_clip) {
  const auto count = static_cast<std::int64_t>(ones.size());
  const auto is_one = [&](std::int64_t frame) { return frame >= 0 && ones[static_cast<std::size_t>(frame)]; };
  std::vector<Span> scenes;
  for (std::int64_t end = 1; end < count; ++end) {
    if (!is_one(end) || is_one(end - 1)) continue;
    std::int64_t start = end;
    while (start > 0 && !is_one(start - 1)) --start;
    scenes.push_back({start, end});
  }
  if (!scenes.empty() && !ones.back()) {
    std::int64_t start = count - 1;
    while (!is_one(start - 1)) --start;
    scenes.push_back({start, count - 1});
  }
  if (scenes.empty() && entire_scene_as_clip) scenes.push_back({0, count});
  return scenes;
}

/// Step by step, as the documentation tells it.
std::vector<Span> naive_filter(const std::vector<Span>& scenes, std::optional<std::int64_t> min_length,
                               std::optional<std::int64_t> max_length, MaxLengthMode mode,
                               std::optional<std::int64_t> crop) {
  std::vector<Span> pieces;
  for (const auto& [start, end] : scenes) {
    if (!max_length) {
      pieces.push_back({start, end});
    } else if (mode == MaxLengthMode::truncate) {
      pieces.push_back({start, std::min(end, start + *max_length)});
    } else {
      for (std::int64_t first = start; first < end; first += *max_length) {
        pieces.push_back({first, std::min(end, first + *max_length)});
      }
    }
  }
  std::vector<Span> kept;
  for (auto [start, end] : pieces) {
    if (crop) {
      start += *crop;
      end -= *crop;
      if (end <= start) continue;
    }
    if (min_length && end - start < *min_length) continue;
    kept.push_back({start, end});
  }
  return kept;
}

void check_scenes(Input& input) {
  const bool entire_scene_as_clip = input.byte() % 2 == 0;
  const auto length = [&input]() -> std::optional<std::int64_t> {
    const auto value = input.below(300);
    return value == 0 ? std::nullopt : std::optional(value);
  };
  const auto min_length = length();
  const auto max_length = length();
  const auto crop = length();
  const auto mode = input.byte() % 2 == 0 ? MaxLengthMode::truncate : MaxLengthMode::stride;
  std::vector<bool> ones;
  while (!input.is_empty()) {  // runs: the low bit is the value
    const auto run = input.byte();
    ones.insert(ones.end(), static_cast<std::size_t>(run / 2), run % 2 != 0);
  }
  Predictions predictions(static_cast<Eigen::Index>(ones.size()));
  std::ranges::copy(ones, predictions.data());

  const Scenes scenes = get_scenes(predictions, entire_scene_as_clip);
  const auto expected = naive_scenes(ones, entire_scene_as_clip);
  require(rows_of(scenes) == expected, "get_scenes");
  require(rows_of(get_filtered_scenes(scenes, min_length, max_length, mode, crop)) ==
              naive_filter(expected, min_length, max_length, mode, crop),
          "get_filtered_scenes");
}

void check_windows(Input& input) {
  const std::int64_t count = 1 + input.below(1000);
  const std::int64_t windows = window_count(count);
  require((windows - 1) * 50 < count && windows * 50 >= count, "window_count");
  const std::int64_t window = input.below(windows);
  const std::int64_t row = input.below(window_frames);
  require(window_frame(window, row, count) == std::clamp<std::int64_t>(window * 50 - 25 + row, 0, count - 1),
          "window_frame");
}

/// Frames of transitions are above a threshold, and the frames beside them are not.
void check_transitions(const VideoPredictions& predictions, const DecisionOptions& options,
                       const std::vector<Transition>& transitions) {
  const auto is_above = [&](std::int64_t frame) {
    const auto at = static_cast<std::size_t>(frame);
    return predictions.single[at] > 0.4F ||
           (!predictions.many_hot.empty() && predictions.many_hot[at] > static_cast<float>(options.many_hot_threshold));
  };
  std::int64_t core_frames = 0;
  for (const float value : predictions.single) core_frames += value > 0.4F ? 1 : 0;
  std::int64_t end_frame = 0;
  for (const auto& transition : transitions) {
    require(transition.start_frame > end_frame || (transition.start_frame == 0 && end_frame == 0), "they are apart");
    require(transition.start_frame == 0 || !is_above(transition.start_frame - 1), "nothing is missing in front");
    require(transition.end_frame == std::ssize(predictions.single) || !is_above(transition.end_frame),
            "nothing is missing behind");
    require(transition.single.peak > 0.4F && transition.single.mean <= transition.single.peak, "each has a core");
    for (auto frame = transition.start_frame; frame < transition.end_frame; ++frame) {
      require(is_above(frame), "frames of transitions are above a threshold");
      core_frames -= predictions.single[static_cast<std::size_t>(frame)] > 0.4F ? 1 : 0;
    }
    end_frame = transition.end_frame;
  }
  require(core_frames == 0, "every core is in a transition");
}

/// Unless the frames of transitions are in no shot, each frame of the video is in one.
void check_shots(const VideoPredictions& predictions, DecisionOptions options, const VideoClips& as_reference) {
  require(as_reference.shots == as_reference.scenes, "shots are the scenes");
  for (const auto mode : {TransitionFrames::previous, TransitionFrames::next, TransitionFrames::split}) {
    options.transition_frames = mode;
    const auto found = find_clips(predictions, options);
    require(found.scenes == as_reference.scenes && found.clips == as_reference.clips, "scenes and clips stay");
    require(found.shots.size() == found.scenes.size(), "as many shots as scenes");
    std::int64_t end_frame = 0;
    for (const auto& shot : found.shots) {
      require(shot.start_frame == end_frame && shot.end_frame > end_frame, "shots tile the video");
      end_frame = shot.end_frame;
    }
    require(found.shots.empty() || end_frame == found.frame_count, "shots end with the video");
  }
}

void check_clips(Input& input) {
  constexpr double rates[] = {25.0, 30000.0 / 1001.0, 1.0, 1000.0, 90000.0, 0.1};
  DecisionOptions options;
  options.min_length_s = static_cast<double>(input.below(1000)) / 100.0;
  options.max_length_s = static_cast<double>(input.below(3000)) / 100.0;
  options.crop_s = static_cast<double>(input.below(300)) / 100.0;
  options.max_length_mode = input.byte() % 2 == 0 ? MaxLengthMode::truncate : MaxLengthMode::stride;
  options.entire_scene_as_clip = input.byte() % 2 == 0;
  const auto heads = input.byte() % 3;
  if (heads == 2) options.many_hot_threshold = 0.5;
  VideoPredictions predictions{.video = "v.mp4", .timeline = Timeline(rates[input.byte() % std::size(rates)])};
  double time_s = static_cast<double>(input.below(65536)) - 30000.0;
  while (!input.is_empty()) {
    const auto step = input.byte();  // mostly usual steps, some back, some far, some that are no number
    time_s += step < 200 ? step / 1000.0 : step < 230 ? -(step - 200) / 50.0 : (step - 230) * 10.0;
    const bool is_stamped = step != 255;
    predictions.timeline.push(is_stamped ? time_s : std::numeric_limits<double>::quiet_NaN(), input.byte() / 500.0);
    const auto level = input.byte();
    predictions.single.push_back(level < 16 ? 0.9F : 0.1F);
    if (heads > 0) predictions.many_hot.push_back(level < 8 || (level >= 16 && level < 48) ? 0.7F : 0.05F);
  }
  if (input.byte() != 0) predictions.timeline.set_framerate(rates[0]);

  const Timeline& timeline = predictions.timeline;
  const double end_s = timeline.start_s(timeline.frame_count());
  for (std::int64_t frame = 0; frame < timeline.frame_count(); ++frame) {
    require(timeline.start_s(frame) < timeline.start_s(frame + 1), "times increase");
  }
  try {
    const auto found = find_clips(predictions, options);
    require(!found.clips.empty() || !found.warnings.empty(), "no clip has a reason");
    check_transitions(predictions, options, found.transitions);
    check_shots(predictions, options, found);
    double previous_end_s = 0.0;
    for (const auto& clip : found.clips) {
      // At a constant rate a last scene of one frame is an empty clip, as in the reference.
      const std::int64_t least_frames = timeline.is_constant_rate() ? 0 : 1;
      require(clip.start_frame >= 0 && clip.end_frame - clip.start_frame >= least_frames &&
                  clip.end_frame <= timeline.frame_count(),
              "clips have frames");
      require(clip.start_s == timeline.start_s(clip.start_frame) && clip.end_s == timeline.start_s(clip.end_frame),
              "clips lie on frames");
      require(clip.start_s >= previous_end_s && clip.end_s <= end_s, "clips are apart and inside the video");
      const double frame_s = timeline.is_constant_rate() ? 1.0 / timeline.framerate() : 0.0;
      const double length_s = clip.end_s - clip.start_s;
      require(options.max_length_s == 0.0 || length_s <= options.max_length_s + 1e-5, "no clip is too long");
      require(length_s + frame_s >= options.min_length_s - 1e-5, "no clip is too short");
      previous_end_s = clip.end_s;
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument, "only a maximum below one frame is refused");
    require(options.max_length_s > 0.0 && options.max_length_s * timeline.framerate() < 1.0, "it is below one frame");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  switch (input.byte() % 3) {
    case 0: check_scenes(input); break;
    case 1: check_windows(input); break;
    default: check_clips(input); break;
  }
  return 0;
}
