// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "formats/json_text.hpp"
#include "formats/listed_span.hpp"
#include "formats/made_by.hpp"
#include "run/cache/prediction_cache.hpp"
#include "run/lazy_model.hpp"
#include "transnet/clip_extractor.hpp"

namespace command {

/// The options for probabilities that must serve any threshold: in fp32 instead of `automatic`, which is only exact at
/// one threshold.
[[nodiscard]] transnet::ClipExtractorOptions for_any_threshold(transnet::ClipExtractorOptions stage);

/// All settings of an extraction that can change a run's results, by option name. Runs with equal settings can continue
/// each other.
[[nodiscard]] Json extraction_settings(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256);
/// The same for a run that has the clips and only reads videos.
[[nodiscard]] Json reading_settings(const transnet::DecodeOptions& decode);

/// Gets the results of videos from the network or a cache. Any number of threads may call it at once.
class Extraction {
 public:
  /// `cache` empty: none, and the model is loaded at once. With a cache, it is loaded for the first video that is not
  /// in it. The model must outlive this. @throws UsageError as `PredictionCache`, otherwise as `LazyModel`.
  Extraction(transnet::ClipExtractorOptions stage, LazyModel& model, const std::filesystem::path& cache);

  /// Like `transnet::ClipExtractor`. `name`: of the video, in the results. `snap`: where borders of shots go. Results
  /// are logged as `log_result` does.
  /// @throws RunError if the model cannot be loaded.
  [[nodiscard]] transnet::VideoPredictions predict(const std::filesystem::path& video, const std::string& name,
                                                   const transnet::RunControl& control);
  [[nodiscard]] transnet::VideoClips extract(const std::filesystem::path& video, const std::string& name, SpanKind what,
                                             const transnet::RunControl& control,
                                             const transnet::BorderSnap& snap = {});
  /// The clips of such predictions.
  [[nodiscard]] transnet::VideoClips clips_of(const transnet::VideoPredictions& predictions, SpanKind what,
                                              const transnet::BorderSnap& snap = {}) const;

  /// The facts that are common to the results. The precision is the model's if that is loaded: it has settled
  /// `automatic`. @throws transnet::Error as `LazyModel`.
  [[nodiscard]] MadeBy made_by() const;

 private:
  [[nodiscard]] transnet::VideoPredictions run_network(const std::filesystem::path& video, const std::string& name,
                                                       const transnet::RunControl& control);
  /// Begins with the answers in the cache, and leaves the answers there if the run is cancelled.
  [[nodiscard]] transnet::VideoPredictions predict_resumably(const PredictionCache::Key& key,
                                                             const std::filesystem::path& video,
                                                             const std::string& name,
                                                             const transnet::RunControl& control);

  transnet::ClipExtractorOptions stage_;
  LazyModel& model_;
  std::optional<PredictionCache> cache_;
};

}  // namespace command
