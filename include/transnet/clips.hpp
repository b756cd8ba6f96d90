// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/border_snap.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/export.hpp"
#include "transnet/status.hpp"
#include "transnet/time_span.hpp"
#include "transnet/timeline.hpp"
#include "transnet/uuid.hpp"
#include "transnet/video_metadata.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The network's probabilities for a video, before any decision.
struct VideoPredictions {
  std::string video;          ///< as named by the caller
  std::vector<float> single;  ///< probability that the frame is the last of its shot, one per frame
  std::vector<float>
      many_hot;       ///< probability that the frame is part of a transition; empty if the model has no such head
  Timeline timeline;  ///< when the frames are shown
  Status status = Status::complete;
  std::optional<Failure> failure;
  std::vector<std::string> warnings;
  VideoMetadata metadata;  ///< as the container states it; empty without a container
  /// The part of the video that the network has seen, from `DecodeOptions::start_s` to `end_s`; the probabilities of
  /// all other frames are 0. Empty: the whole video.
  std::optional<TimeSpan> analysed;
};

// Times are seconds from the first frame, or on the container's clock with `DecisionOptions::absolute_times`.

/// How a shot gives way to the next one.
enum class TransitionKind {
  cut,      ///< one shot ends and the next begins, with at most one mixed frame between them
  gradual,  ///< a dissolve, a fade or a wipe: a longer transition
};

/// "cut" or "gradual".
[[nodiscard]] TRANSNET_API std::string_view to_string(TransitionKind kind) noexcept;

/// The probabilities of one head over the frames of a transition.
struct HeadSummary {
  float peak = 0.0F;
  float mean = 0.0F;

  friend bool operator==(const HeadSummary&, const HeadSummary&) = default;
};

/// A transition from one shot to the next. A hard cut is one frame: the last of the outgoing shot.
struct Transition : TimeSpan {
  TransitionKind kind = TransitionKind::cut;
  HeadSummary single;
  std::optional<HeadSummary> many_hot;  ///< empty if the model has no such head

  friend bool operator==(const Transition&, const Transition&) = default;
};

/// A clip with its name.
struct ClipSpan : TimeSpan {
  Uuid uuid;
  std::string source_video;

  friend bool operator==(const ClipSpan&, const ClipSpan&) = default;
};

/// Everything that is decided about a video.
struct VideoClips {
  std::string video;
  Status status = Status::complete;
  std::optional<Failure> failure;
  std::int64_t frame_count = 0;
  double framerate = 0.0;
  bool is_constant_rate = true;  ///< frame k is shown at k / framerate
  double duration_s = 0.0;       ///< from the first frame to the end of the last
  double origin_s = 0.0;         ///< the first frame's time stamp in the container
  double start_s = 0.0;          ///< when the first frame is shown, on the clock of the spans: 0, or `origin_s`
  std::vector<Transition> transitions;
  /// The reference's scenes, before the length rules; clips come from them. A scene ends with the first frame of a
  /// transition; the other frames of that transition are in no scene.
  std::vector<TimeSpan> scenes;
  /// One shot for each scene, with the frames of transitions that `DecisionOptions::transition_frames` gives it. Except
  /// with `none`, the shots tile the video, or its analysed part: the first begins with the first frame, each ends
  /// where the next one begins, and the last ends with the last frame.
  std::vector<TimeSpan> shots;
  std::vector<ClipSpan> clips;
  std::vector<std::string> warnings;  ///< from the predictions and from `validate`, and the reason if there is no clip
  VideoMetadata metadata;             ///< from the predictions
  std::optional<BorderSnapCounts> snapped;  ///< empty unless there are frames to snap to
  /// The part of the video that was analysed, as in `VideoPredictions`; empty: the whole video. Transitions, scenes,
  /// shots and clips lie in it, and shots tile it instead of the video.
  std::optional<TimeSpan> analysed;
};

/// Runs of frames whose `single` probability is above `threshold`. With `many_hot_threshold`, a run also holds the
/// neighbouring frames whose `many_hot` probability is above that, and runs that meet are one transition.
/// A transition is gradual if it has more than two frames when it extends like that, over frames above 0.1 if
/// `many_hot_threshold` is off.
/// @throws Error(invalid_argument) if the heads have different numbers of frames.
[[nodiscard]] TRANSNET_API std::vector<Transition> find_transitions(const VideoPredictions& predictions,
                                                                    const DecisionOptions& options);

/// The shots of `VideoClips::shots`, before any length rule.
[[nodiscard]] TRANSNET_API std::vector<TimeSpan> find_shots(const VideoPredictions& predictions,
                                                            const DecisionOptions& options);

/// Decides: probabilities -> transitions, scenes, clips. It does not run the network, so trying other options is cheap.
/// For a video of constant rate, lengths are frames, int(seconds * framerate); otherwise they are times on real frames.
/// @throws Error(invalid_argument) as `validate`.
[[nodiscard]] TRANSNET_API VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options);

/// The same, with borders of shots on given frames: `snap_borders` moves the first frame of every shot except the
/// first. Where a border is on a given frame, the scenes beside it meet there, so that clips keep to it; `transitions`
/// stay as the network found them. The length rules come afterwards: `min_shot_s` holds for shots between moved
/// borders, and a border that is free because shots were joined may move as well. Given frames behind the video are
/// ignored with a warning, unless the video is partial.
/// @throws Error(invalid_argument) as `validate`.
[[nodiscard]] TRANSNET_API VideoClips find_clips(const VideoPredictions& predictions, const DecisionOptions& options,
                                                 const BorderSnap& snap);

/// The name of a clip: UUID version 5 of "{video}_{start_frame}_{end_frame}" in the URL namespace.
[[nodiscard]] TRANSNET_API Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame);

}  // namespace transnet::inline TRANSNET_ABI
