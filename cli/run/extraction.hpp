// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "formats/json_text.hpp"
#include "run/cache/prediction_cache.hpp"
#include "run/lazy_model.hpp"
#include "transnet/clip_extractor.hpp"

namespace command {

/// The precision of answers that any threshold may be tried on: `automatic` decides at one alone, so it is fp32 then.
[[nodiscard]] transnet::Precision precision_for_any_threshold(transnet::Precision precision);

/// Everything of an extraction that can change the results of a run, by the names of the options: a run that goes on
/// with another has the same.
[[nodiscard]] Json extraction_settings(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256);
/// The same of a run that has the clips and reads videos alone.
[[nodiscard]] Json reading_settings(const transnet::DecodeOptions& decode, const std::string& clips_sha256);

/// The videos of a run, by the network or out of a cache. Any number of threads may ask at once.
class Extraction {
 public:
  /// `cache` empty: there is none, and the model is loaded here. With one, it is loaded when a video is not in there.
  /// The model must outlive this. @throws UsageError as `PredictionCache`, otherwise as `LazyModel`.
  Extraction(transnet::ClipExtractorOptions stage, LazyModel& model, const std::filesystem::path& cache);

  /// As `transnet::ClipExtractor`. @throws RunError where the model cannot be had.
  [[nodiscard]] transnet::VideoPredictions predict(const std::filesystem::path& video,
                                                   const transnet::RunControl& control);
  [[nodiscard]] transnet::VideoClips extract(const std::filesystem::path& video, const transnet::RunControl& control);

 private:
  transnet::ClipExtractorOptions stage_;
  LazyModel& model_;
  std::optional<PredictionCache> cache_;
};

}  // namespace command
