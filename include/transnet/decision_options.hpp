// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// How a scene that exceeds the maximum length is shortened.
enum class MaxLengthMode {
  truncate,  ///< keeps the first `max_length` of the scene
  stride,    ///< cuts the scene into pieces of `max_length`
};

/// The shot that takes the frames of a transition after its first frame. In every mode the first frame is the last
/// frame of the shot before, so a hard cut, a transition of one frame, is the same in all modes.
enum class TransitionFrames {
  none,      ///< no shot takes them: the shots are the reference's scenes
  previous,  ///< the shot before
  next,      ///< the shot after
  split,     ///< both shots take half of the transition; if its length is odd, the shot before takes the frame in the
             ///< middle
};

/// The fate of a shot that is shorter than `DecisionOptions::min_shot_s`.
enum class ShortShots {
  drop,            ///< its frames are in no shot and no scene
  merge_previous,  ///< it joins the shot before it
  merge_next,      ///< it joins the shot after it
  merge_shorter,   ///< it joins the shorter one of both
};

/// How probabilities become scenes and clips. The names and defaults of the fields before `absolute_times` come
/// from NeMo Curator's `TransNetV2ClipExtractionStage`.
struct DecisionOptions {
  double threshold = 0.4;      ///< a frame is a transition if probability > threshold, 0..1
  double min_length_s = 2.0;   ///< shorter clips are dropped; 0 = off
  double max_length_s = 10.0;  ///< longer scenes are cut to this length; 0 = off
  MaxLengthMode max_length_mode = MaxLengthMode::stride;
  double crop_s = 0.5;               ///< cropped from both ends of a clip; 0 = off
  bool entire_scene_as_clip = true;  ///< a video without a transition is one scene; false: it has no scene
  std::int64_t limit_clips = -1;     ///< stop once the video holds this many clips; <= 0 = no limit
  bool absolute_times = false;       ///< true: spans on the container's own clock; false: from the first frame
  TransitionFrames transition_frames = TransitionFrames::none;  ///< affects only shots, never scenes or clips
  /// A transition extends over neighbouring frames whose many-hot probability is above this, 0..1; 1 = off, as in the
  /// reference, which does not use that head.
  double many_hot_threshold = 1.0;
  /// In place of `threshold`: the threshold falls until the video has this many transitions, or more where several have
  /// the same probability; 0 = off. A video that never has as many gets the greatest number that any threshold gives.
  std::int64_t top = 0;
  /// Shots, and the scenes from which clips come, are at least this long; 0 = off. `short_shots` says how.
  double min_shot_s = 0.0;
  /// Shots are taken in their order, and each joins others until it is long enough; the first and the last shot join
  /// the only one beside them.
  ShortShots short_shots = ShortShots::drop;
};

/// Checks the ranges; returns a warning for every valid combination that leaves hardly any clip.
/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API std::vector<std::string> validate(const DecisionOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
