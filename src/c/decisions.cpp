// SPDX-License-Identifier: Apache-2.0
#include "c/decisions.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/assumed_framerate.hpp"
#include "base/is_probability.hpp"
#include "base/number_text.hpp"
#include "c/border.hpp"
#include "c/result.hpp"
#include "c/sized_struct.hpp"
#include "decision/decision_option_table.hpp"
#include "transnet/clips.hpp"
#include "transnet/profile.hpp"
#include "transnet/timeline.hpp"

namespace transnet::c {
namespace {

constexpr Numbers<MaxLengthMode, 2> max_length_numbers{
    {{TRANSNET_MAX_LENGTH_TRUNCATE, MaxLengthMode::truncate}, {TRANSNET_MAX_LENGTH_STRIDE, MaxLengthMode::stride}}};
constexpr Numbers<TransitionFrames, 4> transition_numbers{{{TRANSNET_TRANSITION_NONE, TransitionFrames::none},
                                                           {TRANSNET_TRANSITION_PREVIOUS, TransitionFrames::previous},
                                                           {TRANSNET_TRANSITION_NEXT, TransitionFrames::next},
                                                           {TRANSNET_TRANSITION_SPLIT, TransitionFrames::split}}};
constexpr Numbers<ShortShots, 4> short_shots_numbers{{{TRANSNET_SHORT_SHOTS_DROP, ShortShots::drop},
                                                      {TRANSNET_SHORT_SHOTS_MERGE_PREVIOUS, ShortShots::merge_previous},
                                                      {TRANSNET_SHORT_SHOTS_MERGE_NEXT, ShortShots::merge_next},
                                                      {TRANSNET_SHORT_SHOTS_MERGE_SHORTER, ShortShots::merge_shorter}}};
static_assert(std::tuple_size_v<decltype(OptionTable<DecisionOptions>::rows)> == 13,
              "each option of the decision has a field in transnet_decision_options");
constexpr Numbers<Profile, 2> profile_numbers{
    {{TRANSNET_PROFILE_REFERENCE, Profile::reference}, {TRANSNET_PROFILE_ACCURATE, Profile::accurate}}};
constexpr const char* decision_name = "transnet_decision_options";
constexpr const char* predictions_name = "transnet_predictions";
// Used until the rate is measured from the time stamps, and if it cannot be.

transnet_decision_options default_decision() {
  const DecisionOptions options;
  return {.struct_bytes = sizeof(transnet_decision_options),
          .threshold = options.threshold,
          .min_length_s = options.min_length_s,
          .max_length_s = options.max_length_s,
          .crop_s = options.crop_s,
          .many_hot_threshold = options.many_hot_threshold,
          .limit_clips = options.limit_clips,
          .max_length_mode = number_of(options.max_length_mode, max_length_numbers),
          .transition_frames = number_of(options.transition_frames, transition_numbers),
          .entire_scene_as_clip = options.entire_scene_as_clip ? 1 : 0,
          .absolute_times = options.absolute_times ? 1 : 0,
          .top = options.top,
          .min_shot_s = options.min_shot_s,
          .short_shots = number_of(options.short_shots, short_shots_numbers),
          .snap_within_frames = BorderSnap().within_frames};
}

transnet_decision_options read_options(const transnet_decision_options* given) {
  const auto defaults = default_decision();
  const auto options = given == nullptr ? defaults : read_struct(*given, defaults, decision_name);
  if (options.reserved != 0) refuse("reserved of transnet_decision_options is not 0");
  return options;
}

/// `count` numbers of the caller, 8 bytes each at most.
void check_count(std::size_t count, std::string_view name) {
  if (count <= std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double)) return;
  refuse(std::string(name) + " is " + std::to_string(count) + ", more than there is memory");
}

transnet_predictions default_predictions() { return {.struct_bytes = sizeof(transnet_predictions)}; }

Timeline timeline_of(const transnet_predictions& given) {
  if (!std::isfinite(given.last_duration_s) || given.last_duration_s < 0.0) {
    refuse("last_duration_s is " + std::to_string(given.last_duration_s) + ", it must be 0 or more seconds");
  }
  const auto count = static_cast<std::int64_t>(given.frame_count);
  if (given.times_s == nullptr) {
    if (given.framerate == 0.0)
      refuse("times_s is null and framerate is 0: one of them must tell when frames are shown");
    return Timeline::constant_rate(given.framerate, count);
  }
  const bool is_rate_known = given.framerate != 0.0;
  Timeline timeline(is_rate_known ? given.framerate : assumed_framerate);
  for (std::size_t frame = 0; frame < given.frame_count; ++frame) {
    timeline.push(given.times_s[frame], frame + 1 == given.frame_count ? given.last_duration_s : 0.0);
  }
  if (!is_rate_known) timeline.set_framerate(timeline.measured_framerate().value_or(assumed_framerate));
  return timeline;
}

std::vector<float> read_head(std::span<const float> head, const char* name) {
  if (const auto wrong = first_wrong_probability(head); wrong < head.size()) {
    refuse(std::string(name) + "[" + std::to_string(wrong) + "] is " + number_text(head[wrong]) +
           ", expected a probability from 0 to 1");
  }
  return {head.begin(), head.end()};
}

VideoPredictions read_predictions(const transnet_predictions& given) {
  const auto predictions = read_struct(given, default_predictions(), predictions_name);
  check_count(predictions.frame_count, "frame_count");
  if (predictions.frame_count > 0) require(predictions.single, "single");
  VideoPredictions result{.timeline = timeline_of(predictions)};
  if (predictions.video != nullptr) result.video = predictions.video;
  result.single = read_head({predictions.single, predictions.frame_count}, "single");
  if (predictions.many_hot != nullptr) {
    result.many_hot = read_head({predictions.many_hot, predictions.frame_count}, "many_hot");
  }
  return result;
}

}  // namespace

DecisionOptions read_decision_options(const transnet_decision_options* given) {
  const auto options = read_options(given);
  return {.threshold = options.threshold,
          .min_length_s = options.min_length_s,
          .max_length_s = options.max_length_s,
          .max_length_mode = value_of(options.max_length_mode, max_length_numbers, "max_length_mode"),
          .crop_s = options.crop_s,
          .entire_scene_as_clip = to_bool(options.entire_scene_as_clip, "entire_scene_as_clip"),
          .limit_clips = options.limit_clips,
          .absolute_times = to_bool(options.absolute_times, "absolute_times"),
          .transition_frames = value_of(options.transition_frames, transition_numbers, "transition_frames"),
          .many_hot_threshold = options.many_hot_threshold,
          .top = options.top,
          .min_shot_s = options.min_shot_s,
          .short_shots = value_of(options.short_shots, short_shots_numbers, "short_shots")};
}

BorderSnap read_border_snap(const transnet_decision_options* given) {
  const auto options = read_options(given);
  BorderSnap snap{.frames = {}, .within_frames = options.snap_within_frames};
  if (options.snap_frame_count == 0) return snap;
  check_count(options.snap_frame_count, "snap_frame_count");
  const std::span frames(&require(options.snap_frames, "snap_frames"), options.snap_frame_count);
  snap.frames.assign(frames.begin(), frames.end());
  return snap;
}

}  // namespace transnet::c

using namespace transnet::c;

transnet_status transnet_decision_options_init(transnet_decision_options* options, size_t struct_bytes) {
  return init_struct(options, struct_bytes, default_decision, decision_name);
}

transnet_status transnet_decision_options_use_profile(transnet_decision_options* options, int32_t profile) {
  return guarded({nullptr, 0}, [&] {
    auto& given = require(options, "options");
    auto filled = read_struct(given, default_decision(), decision_name);
    transnet::DecisionOptions decision;
    use_profile(value_of(profile, profile_numbers, "profile"), decision);
    filled.threshold = decision.threshold;
    filled.many_hot_threshold = decision.many_hot_threshold;
    write_struct(options, filled, decision_name);
  });
}

transnet_status transnet_predictions_init(transnet_predictions* predictions, size_t struct_bytes) {
  return init_struct(predictions, struct_bytes, default_predictions, predictions_name);
}

transnet_status transnet_find_clips(const transnet_predictions* predictions, const transnet_decision_options* options,
                                    transnet_result** result, char* message, size_t message_bytes) {
  return make_handle(result, "result", {message, message_bytes}, [&] {
    const auto given = read_predictions(require(predictions, "predictions"));
    return std::make_unique<transnet_result>(
        find_clips(given, read_decision_options(options), read_border_snap(options)));
  });
}
