// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <tuple>

#include "base/is_probability.hpp"
#include "base/option_table.hpp"
#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"

namespace transnet::inline TRANSNET_ABI {

inline constexpr std::array max_length_mode_words{
    OptionWord<MaxLengthMode>{"stride", MaxLengthMode::stride},
    OptionWord<MaxLengthMode>{"truncate", MaxLengthMode::truncate},
};

inline constexpr std::array transition_frames_words{
    OptionWord<TransitionFrames>{"none", TransitionFrames::none},
    OptionWord<TransitionFrames>{"previous", TransitionFrames::previous},
    OptionWord<TransitionFrames>{"next", TransitionFrames::next},
    OptionWord<TransitionFrames>{"split", TransitionFrames::split},
};
// The library gives the reference's results. The command serves people who cut or edit videos and need each frame once.
inline constexpr TransitionFrames command_transition_frames = TransitionFrames::split;

inline constexpr std::array short_shots_words{
    OptionWord<ShortShots>{"drop", ShortShots::drop},
    OptionWord<ShortShots>{"merge-previous", ShortShots::merge_previous},
    OptionWord<ShortShots>{"merge-next", ShortShots::merge_next},
    OptionWord<ShortShots>{"merge-shorter", ShortShots::merge_shorter},
};

inline constexpr OptionRange probability_range{[](double value) { return is_probability(value); }, "between 0 and 1"};

inline constexpr OptionRange length_range{is_length, "a number of seconds, 0 (off) or more"};

template <>
struct OptionTable<DecisionOptions> {
  static constexpr auto fields(const DecisionOptions& options) {
    const auto& [threshold, min_length_s, max_length_s, max_length_mode, crop_s, entire_scene_as_clip, limit_clips,
                 absolute_times, transition_frames, many_hot_threshold, top, min_shot_s, short_shots] = options;
    return std::tie(threshold, min_length_s, max_length_s, max_length_mode, crop_s, entire_scene_as_clip, limit_clips,
                    absolute_times, transition_frames, many_hot_threshold, top, min_shot_s, short_shots);
  }

  static constexpr std::tuple rows{
      OptionRow<DecisionOptions, double>{"threshold", &DecisionOptions::threshold, Affects::clips,
                                         "A frame is a transition if its probability is above this", probability_range},
      OptionRow<DecisionOptions, double>{"min_length_s", &DecisionOptions::min_length_s, Affects::clips,
                                         "Drop shorter clips, seconds; 0 = off", length_range},
      OptionRow<DecisionOptions, double>{"max_length_s", &DecisionOptions::max_length_s, Affects::clips,
                                         "Cut longer scenes down to this length, seconds; 0 = off", length_range},
      OptionRow<DecisionOptions, MaxLengthMode>{
          "max_length_mode",
          &DecisionOptions::max_length_mode,
          Affects::clips,
          "Cut a longer scene into pieces (stride) or keep its beginning (truncate)",
          {},
          max_length_mode_words},
      OptionRow<DecisionOptions, double>{"crop_s", &DecisionOptions::crop_s, Affects::clips,
                                         "Crop both ends of a clip by this, seconds; 0 = off", length_range},
      OptionRow<DecisionOptions, bool>{"entire_scene_as_clip", &DecisionOptions::entire_scene_as_clip, Affects::clips,
                                       "A video without a transition is one scene"},
      OptionRow<DecisionOptions, std::int64_t>{"limit_clips", &DecisionOptions::limit_clips, Affects::clips,
                                               "Stop once a video holds this many clips; <= 0 = no limit"},
      OptionRow<DecisionOptions, bool>{"absolute_times", &DecisionOptions::absolute_times, Affects::clips,
                                       "Give spans on the container's own clock, not from the first frame"},
      OptionRow<DecisionOptions, TransitionFrames>{
          "transition_frames",
          &DecisionOptions::transition_frames,
          Affects::clips,
          "Shot that takes the frames of a transition after its first; clips and scenes take none of them",
          {},
          transition_frames_words,
          &command_transition_frames},
      OptionRow<DecisionOptions, double>{
          "many_hot_threshold", &DecisionOptions::many_hot_threshold, Affects::clips,
          "A transition extends over neighbouring frames whose many-hot probability is above this; 1 = off",
          probability_range},
      OptionRow<DecisionOptions, std::int64_t>{
          "top",
          &DecisionOptions::top,
          Affects::clips,
          "Lower the threshold from 1 until this many transitions are found, in place of a threshold; 0 = off",
          {[](double value) { return value >= 0.0; }, "0 (off) or more"}},
      OptionRow<DecisionOptions, double>{"min_shot_s", &DecisionOptions::min_shot_s, Affects::clips,
                                         "Shots are at least this long, seconds; 0 = off", length_range},
      OptionRow<DecisionOptions, ShortShots>{"short_shots",
                                             &DecisionOptions::short_shots,
                                             Affects::clips,
                                             "Drop a shot that is too short, or join it with another one",
                                             {},
                                             short_shots_words},
  };
};

}  // namespace transnet::inline TRANSNET_ABI
