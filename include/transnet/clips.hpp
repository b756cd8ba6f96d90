#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transnet/clip_extractor_options.hpp"
#include "transnet/error.hpp"
#include "transnet/export.hpp"
#include "transnet/scenes.hpp"
#include "transnet/timeline.hpp"
#include "transnet/video_task.hpp"

namespace transnet {

/// How far a video was read.
enum class Status {
  complete,
  partial,  ///< up to an error; everything reported lies before it
  failed,   ///< nothing
};

/// "complete", "partial", "failed"
[[nodiscard]] TRANSNET_API std::string_view to_string(Status status) noexcept;

/// Why a video is partial or failed.
struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

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

// Times are seconds from the first frame, or on the container's clock where `ClipExtractorOptions::absolute_times` asks
// for that.

/// Neighbouring frames above the threshold, and when they begin and end. A hard cut is one frame: the last of the
/// outgoing shot.
struct Transition {
  std::int64_t first_frame = 0;
  std::int64_t last_frame = 0;
  float probability = 0.0F;  ///< the largest of its frames
  double start_s = 0.0;
  double end_s = 0.0;
};

/// A shot by its frames [start_frame, end_frame) and its times. It ends with the first frame of a transition; further
/// frames of that transition are in no shot.
struct ShotSpan {
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
  double start_s = 0.0;
  double end_s = 0.0;
};

/// A clip by its frames [start_frame, end_frame) and its times.
struct ClipSpan {
  Uuid uuid;
  std::string source_video;
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
  double start_s = 0.0;
  double end_s = 0.0;
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
  Scenes scenes = Scenes(0, 2);  ///< rows as the reference has them, before lengths are looked at
  std::vector<ShotSpan> shots;   ///< the same scenes with their last frames and their times
  std::vector<ClipSpan> clips;
  std::vector<std::string> warnings;  ///< of the predictions, of `validate`, and why there is no clip
  VideoMetadata metadata;             ///< of the predictions
};

/// Runs of frames whose probability is above the threshold.
[[nodiscard]] TRANSNET_API std::vector<Transition> find_transitions(const std::vector<float>& probabilities,
                                                                    const Timeline& timeline, double threshold);

/// The scenes of a video of `timeline` as spans. `get_scenes` numbers the last frame of a scene, but for a whole video
/// without a transition, where it counts the frames.
[[nodiscard]] TRANSNET_API std::vector<ShotSpan> find_shots(const Scenes& scenes, const Timeline& timeline);

/// Decides: probabilities -> transitions, scenes, clips. The network is not run, so options can be tried at no cost.
/// Lengths are frames, int(seconds * framerate), for a video of constant rate, and times on real frames for any other.
/// @throws Error(invalid_argument) as `validate`.
[[nodiscard]] TRANSNET_API VideoClips find_clips(const VideoPredictions& predictions,
                                                 const ClipExtractorOptions& options);

/// How a clip is named: UUID version 5 of "{video}_{start_frame}_{end_frame}" in the URL namespace.
[[nodiscard]] TRANSNET_API Uuid clip_uuid(std::string_view video, std::int64_t start_frame, std::int64_t end_frame);

}  // namespace transnet
