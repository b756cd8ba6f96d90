// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/export.hpp"
#include "transnet/status.hpp"
#include "transnet/time_span.hpp"
#include "transnet/timeline.hpp"
#include "transnet/uuid.hpp"
#include "transnet/video_metadata.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The network's answer for a video, before any decision.
struct VideoPredictions {
  std::string video;          ///< as named by the caller
  std::vector<float> single;  ///< probability that the frame is the last of its shot, one a frame
  std::vector<float>
      many_hot;       ///< probability that the frame is part of a transition; empty where the model has no such head
  Timeline timeline;  ///< when the frames are shown
  Status status = Status::complete;
  std::optional<Failure> failure;
  std::vector<std::string> warnings;
  VideoMetadata metadata;  ///< as the container states it; empty where there was none
};

// Times are seconds from the first frame, or on the container's clock where `DecisionOptions::absolute_times` asks for
// that.

/// Neighbouring frames above the threshold. A hard cut is one frame: the last of the outgoing shot.
struct Transition : TimeSpan {
  float probability = 0.0F;  ///< the largest of its frames

  friend bool operator==(const Transition&, const Transition&) = default;
};

/// A clip, and how it is named.
struct ClipSpan : TimeSpan {
  Uuid uuid;
  std::string source_video;

  friend bool operator==(const ClipSpan&, const ClipSpan&) = default;
};

/// Everything that was decided about a video.
struct VideoClips {
  std::string video;
  Status status = Status::complete;
  std::optional<Failure> failure;
  std::int64_t frame_count = 0;
  double framerate = 0.0;
  bool is_constant_rate = true;  ///< frame k is shown at k / framerate
  double duration_s = 0.0;       ///< from the first frame to the end of the last
  double origin_s = 0.0;         ///< the first frame's time stamp in the container
  double start_s = 0.0;          ///< when the first frame is shown on the clock of the spans: 0, or `origin_s`
  std::vector<Transition> transitions;
  /// The reference's scenes, before lengths are looked at: clips are made of these. A scene ends with the first frame
  /// of a transition; further frames of that transition are in no scene.
  std::vector<TimeSpan> scenes;
  /// The scenes, as many, with the frames of transitions as `DecisionOptions::transition_frames` says. Unless that is
  /// `none`, they tile the video: the first begins with frame 0, each ends where the next one begins, and the last ends
  /// with the video.
  std::vector<TimeSpan> shots;
  std::vector<ClipSpan> clips;
  std::vector<std::string> warnings;  ///< of the predictions, of `validate`, and why there is no clip
  VideoMetadata metadata;             ///< of the predictions
};

/// Runs of frames whose probability is above the threshold.
[[nodiscard]] TRANSNET_API std::vector<Transition> find_transitions(std::span<const float> probabilities,
                                                                    const Timeline& timeline, double threshold);

/// The scenes between transitions as spans: `get_scenes` over `probabilities`, whose rows number the last frame of a
/// scene, or for a whole video without a transition count its frames. `transition_frames` makes shots of them, see
/// `VideoClips::shots`.
[[nodiscard]] TRANSNET_API std::vector<TimeSpan> find_shots(
    std::span<const float> probabilities, const Timeline& timeline, double threshold, bool entire_scene_as_clip = true,
    TransitionFrames transition_frames = TransitionFrames::none);

/// Decides: probabilities -> transitions, scenes, clips. The network is not run, so options can be tried at no cost.
/// Lengths are frames, int(seconds * framerate), for a video of constant rate, and times on real frames for any other.
/// @throws Error(invalid_argument) as `validate`.
[[nodiscard]] TRANSNET_API VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options);

/// How a clip is named: UUID version 5 of "{video}_{start_frame}_{end_frame}" in the URL namespace.
[[nodiscard]] TRANSNET_API Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame);

}  // namespace transnet::inline TRANSNET_ABI
