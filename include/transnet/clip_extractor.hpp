// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/border_snap.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/timeline.hpp"
#include "transnet/video_input.hpp"
#include "transnet/weights.hpp"

namespace transnet::inline TRANSNET_ABI {

struct VideoTask;

/// Progress of a run over a video.
struct Progress {
  std::int64_t done_frames = 0;      ///< frames whose probabilities are computed
  std::int64_t expected_frames = 0;  ///< as the container states, of the analysed part; 0 = unknown
  double framerate = 0.0;            ///< as the container states; 0 = unknown
};

/// The network's answers for the first frames of a video. They belong to its frames, the model and the options.
struct NetworkAnswers {
  ShotProbabilities first_look;
  ShotProbabilities second_look;  ///< empty without `ClipExtractorOptions::second_look`
};

/// Observes and stops a run over a video.
struct RunControl {
  std::stop_token stop;                              ///< a request ends the run with Error(cancelled)
  std::function<void(const Progress&)> on_progress;  ///< called on the caller's thread
  /// Null, or a place for answers. The run takes the answers of a cancelled run from it and does not run the network
  /// for their frames. If this run is cancelled too, it puts all its answers there; otherwise the place is empty
  /// afterwards.
  NetworkAnswers* answers = nullptr;
};

/// The attributes that a stage needs or makes: first the attributes of the task, then the attributes of its data.
using StageAttributes = std::pair<std::vector<std::string>, std::vector<std::string>>;

/// Turns a video into clip spans. C++ counterpart of NeMo Curator's `TransNetV2ClipExtractionStage`: the same options,
/// defaults and results.
///
/// One extractor serves one thread at a time; any number of extractors may share a model.
class TRANSNET_API ClipExtractor {
 public:
  /// @throws Error(invalid_argument) as `validate`.
  explicit ClipExtractor(ClipExtractorOptions options = {});
  /// Uses a loaded model; `setup` then does nothing. Null: as the other constructor.
  ClipExtractor(ClipExtractorOptions options, std::shared_ptr<const ShotModel> model);

  ~ClipExtractor();
  ClipExtractor(ClipExtractor&&) noexcept;
  ClipExtractor& operator=(ClipExtractor&&) noexcept;

  /// The options that the constructor received.
  [[nodiscard]] const ClipExtractorOptions& options() const noexcept;
  /// Attributes that `process` needs, as the reference's stage states them: `data`.
  [[nodiscard]] static StageAttributes inputs();
  /// Attributes that `process` makes, as the reference's stage states them: `data`, and in it `clips.extracted_frames`.
  [[nodiscard]] static StageAttributes outputs();

  /// Fetches missing weights; call it once per machine. Does nothing for files that the options name.
  /// @throws Error as `fetch_weights`.
  void setup_on_node(const FetchOptions& fetch = {}) const;

  /// Loads the model once. `process`, `predict` and `extract` call it if nobody has.
  /// @throws Error as `load_model`.
  void setup();

  /// The loaded model, for other extractors and streams; null before `setup`.
  [[nodiscard]] const std::shared_ptr<const ShotModel>& model() const noexcept;

  /// Adds the clips of a task, and releases its frames. The video holds its metadata, and its frames in the size that
  /// the network takes. Without metadata or frame rate, it warns and leaves the task as it is; the warning names what
  /// is missing. After an exception, the task has its frames and no new clip.
  /// @throws Error(bad_shape) for frames of another size, Error(invalid_argument) if there is no frame array;
  /// cancelled.
  VideoTask& process(VideoTask& task, const RunControl& control = {});

  /// Runs the network on frames in memory, whose times `timeline` tells: the answers of both heads, for
  /// `find_clips`. `name` stands for the video, also in the UUIDs of clips. Precision `automatic` means fp32 here.
  /// @throws Error(no_frames) without a frame, Error(invalid_argument) if the timeline has more or fewer; cancelled.
  [[nodiscard]] VideoPredictions predict(const std::string& name, FramesView frames, Timeline timeline,
                                         const RunControl& control = {});

  /// Decodes a file and runs the network in one pass. Apart from a few bytes per frame, the memory does not grow with
  /// the video. A file that breaks off gives status `partial`.
  /// Precision `automatic` means fp32 here, because the caller may try any threshold on the probabilities.
  /// @throws Error: as `FrameDecoder` if no frame can be read; cancelled.
  [[nodiscard]] VideoPredictions predict(const std::filesystem::path& video, const RunControl& control = {});

  /// The same for bytes in memory and for readers.
  /// @throws Error: as `FrameDecoder` if no frame can be read; cancelled; the exceptions of the reader.
  [[nodiscard]] VideoPredictions predict(const VideoInput& video, const RunControl& control = {});

  /// Predicts, then decides as `find_clips`. Precision `automatic` gives the same decisions as fp32; probabilities far
  /// from the threshold may come from bf16.
  /// @throws Error as `predict`
  [[nodiscard]] VideoClips extract(const std::filesystem::path& video, const RunControl& control = {});
  /// The same for bytes in memory and for readers.
  [[nodiscard]] VideoClips extract(const VideoInput& video, const RunControl& control = {});
  /// The same with borders of shots on given frames. @throws also Error(invalid_argument) as `validate(snap)`
  [[nodiscard]] VideoClips extract(const VideoInput& video, const RunControl& control, const BorderSnap& snap);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Decodes a video without a network, to know when its frames are shown: the result has no probabilities. Everything
/// else is as `ClipExtractor::predict` gives it, also for a file that breaks off. A part that the options name has no
/// effect.
/// @throws Error as `validate` and `ClipExtractor::predict`, except for errors of the network.
[[nodiscard]] TRANSNET_API VideoPredictions read_timeline(const VideoInput& video, const DecodeOptions& options = {},
                                                          const RunControl& control = {});

}  // namespace transnet::inline TRANSNET_ABI
