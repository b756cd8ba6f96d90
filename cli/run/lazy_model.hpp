// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/shot_model.hpp"

namespace command {

/// The model of a run, which is loaded once it is needed. Any number of threads may ask for it.
class LazyModel {
 public:
  /// As `ready_model`.
  LazyModel(transnet::ClipExtractorOptions options, int jobs, ProgressMode progress, std::stop_token stop);

  /// @throws transnet::Error(cancelled); RunError where it cannot be had, which is no fault of a video.
  [[nodiscard]] std::shared_ptr<const transnet::ShotModel> get();

  /// Of its file; the model need not be loaded for it. @throws transnet::Error as `sha256_of_file`.
  [[nodiscard]] std::string sha256();

 private:
  [[nodiscard]] std::shared_ptr<const transnet::ShotModel> load() const;

  transnet::ClipExtractorOptions options_;
  int jobs_;
  ProgressMode progress_;
  std::stop_token stop_;

  std::mutex mutex_;  // for what follows
  std::shared_ptr<const transnet::ShotModel> model_;
  std::string sha256_;  // empty: not known yet
};

}  // namespace command
