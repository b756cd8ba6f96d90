// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/model_file.hpp"
#include "transnet/shot_model.hpp"

namespace command {

/// The model of a run, loaded on first use. Any number of threads may ask for it.
class LazyModel {
 public:
  /// For `jobs` threads at once. `files`: the model's files if they have been read; further parameters
  /// as `ready_model_files`.
  LazyModel(transnet::ClipExtractorOptions options, std::vector<transnet::ModelFile> files, int jobs,
            ProgressMode progress, std::stop_token stop);

  /// @throws transnet::Error(cancelled); RunError if it cannot be loaded, which no single video has caused.
  [[nodiscard]] std::shared_ptr<const transnet::ShotModel> get();

  /// The sha256 of the model's files, without loading the model. @throws transnet::Error as `ModelFile::read`.
  [[nodiscard]] std::string sha256();

 private:
  [[nodiscard]] std::shared_ptr<const transnet::ShotModel> load();

  transnet::ClipExtractorOptions options_;
  int jobs_;
  ProgressMode progress_;
  std::stop_token stop_;

  std::mutex mutex_;                        // guards the members below
  std::vector<transnet::ModelFile> files_;  // until the model is loaded
  std::shared_ptr<const transnet::ShotModel> model_;
  std::string sha256_;  // empty: not known yet
};

}  // namespace command
