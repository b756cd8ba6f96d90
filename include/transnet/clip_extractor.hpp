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
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"
#include "transnet/export.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/weights.hpp"

namespace transnet::inline TRANSNET_ABI {

struct VideoTask;

/// How far a run over a video is.
struct Progress {
  std::int64_t done_frames = 0;      ///< frames that the network has answered for
  std::int64_t expected_frames = 0;  ///< as the container says; 0 = it does not
  double framerate = 0.0;            ///< as the container says; 0 = it does not
};

/// Follows and ends a run over a video.
struct RunControl {
  std::stop_token stop;                              ///< a request ends the run with Error(cancelled)
  std::function<void(const Progress&)> on_progress;  ///< called on the caller's thread
};

/// The attributes that a stage needs or makes: of the task, and of its data.
using StageAttributes = std::pair<std::vector<std::string>, std::vector<std::string>>;

/// Turns a video into clip spans. C++ counterpart of NeMo Curator's `TransNetV2ClipExtractionStage`: the same options,
/// defaults and results.
///
/// One extractor serves one thread at a time; any number of extractors may share a model.
class TRANSNET_API ClipExtractor {
 public:
  /// @throws Error(invalid_argument) as `validate`.
  explicit ClipExtractor(ClipExtractorOptions options = {});
  /// Uses a model that is loaded already; `setup` has nothing left to do.
  ClipExtractor(ClipExtractorOptions options, std::shared_ptr<const ShotModel> model);

  ~ClipExtractor();
  ClipExtractor(ClipExtractor&&) noexcept;
  ClipExtractor& operator=(ClipExtractor&&) noexcept;

  /// As they were given to the constructor.
  [[nodiscard]] const ClipExtractorOptions& options() const noexcept;
  /// What `process` needs, as the reference's stage states it: `data`.
  [[nodiscard]] static StageAttributes inputs();
  /// What `process` makes, as the reference's stage states it: `data`, and in it `clips.extracted_frames`.
  [[nodiscard]] static StageAttributes outputs();

  /// Fetches the weights where they are missing; once a machine. Does nothing where `options().weights` is set.
  /// @throws Error as `fetch_weights`.
  void setup_on_node(const FetchOptions& fetch = {}) const;

  /// Loads the model, once; `process`, `predict` and `extract` do so themselves where it was not called.
  /// @throws Error(not_found) where the weights are missing, saying how to get them; otherwise as `ShotModel::load`.
  void setup();

  /// Adds the clips of a task whose video holds its 48x27 frames and its metadata, and releases the frames. Without
  /// metadata or frame rate: a warning, and the task stays as it is.
  /// @throws Error(bad_shape) for frames of another size, Error(invalid_argument) where there are none.
  VideoTask& process(VideoTask& task);

  /// Decodes a file and runs the network in one pass, in memory that does not grow with the video but for a few bytes a
  /// frame. A file that breaks off gives status `partial`.
  /// Precision `automatic` is fp32 here, because any threshold may be tried on the answer.
  /// @throws Error: as `FrameDecoder` where no frame can be read; cancelled.
  [[nodiscard]] VideoPredictions predict(const std::filesystem::path& video, const RunControl& control = {});

  /// Predicts, then decides as `find_clips`. Precision `automatic` gives the decisions of fp32; probabilities far from
  /// the threshold may be those of bf16.
  [[nodiscard]] VideoClips extract(const std::filesystem::path& video, const RunControl& control = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace transnet::inline TRANSNET_ABI
