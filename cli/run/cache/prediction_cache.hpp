// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "run/cache/file_state.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The network's answers for videos, kept in a folder that any number of threads, processes and machines may share.
/// What is damaged or foreign in it is as if it were not there, and what cannot be written is not kept: neither is an
/// error.
class PredictionCache {
 public:
  /// Keeps answers that come of these options and of the model with this sha256. The folder is made when it is needed.
  /// @throws UsageError where something else has its name.
  PredictionCache(std::filesystem::path folder, const transnet::ClipExtractorOptions& stage,
                  const std::string& model_sha256);

  /// A video as it was when it was looked at, and what is asked of it.
  struct Key {
    std::string name;  ///< differs where the answers may differ
    FileState state;
  };

  /// Before the video is read. Empty where nothing can be kept of it, as of a pipe.
  [[nodiscard]] std::optional<Key> key_of(const std::filesystem::path& video) const;

  [[nodiscard]] std::optional<transnet::VideoPredictions> find(const Key& key,
                                                               const std::filesystem::path& video) const;

  /// Keeps the answers for a whole video, unless it was changed while it was read. Where that cannot be written, a
  /// warning says so once.
  void keep(const Key& key, const std::filesystem::path& video, const transnet::VideoPredictions& predictions);

 private:
  [[nodiscard]] std::filesystem::path file_of(const Key& key) const;

  std::filesystem::path folder_;
  std::string settings_;
  std::atomic<bool> is_written_ = true;
};

}  // namespace command
