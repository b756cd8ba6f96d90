// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "run/cache/file_state.hpp"
#include "transnet/clip_extractor.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The network's probabilities for videos, kept in a folder that any number of threads, processes and machines may
/// share. Damaged or foreign files are ignored, and a failed write only means that nothing is kept: neither is an
/// error.
class PredictionCache {
 public:
  /// Keeps the results of these options and of the model with this sha256. Creates the folder when needed.
  /// @throws UsageError if the path exists but is not a folder.
  PredictionCache(std::filesystem::path folder, const transnet::ClipExtractorOptions& stage,
                  const std::string& model_sha256);

  /// The state of a video at one moment, and the requested computation.
  struct Key {
    std::string name;  ///< differs if the results may differ
    FileState state;
  };

  /// Call it before the video is read. Empty if its results cannot be kept, as for a pipe.
  [[nodiscard]] std::optional<Key> key_of(const std::filesystem::path& video) const;

  [[nodiscard]] std::optional<transnet::VideoPredictions> find(const Key& key,
                                                               const std::filesystem::path& video) const;

  /// Keeps the results of a complete video, unless the file changed while it was read. Warns once if they cannot be
  /// written.
  void keep(const Key& key, const std::filesystem::path& video, const transnet::VideoPredictions& predictions);

  /// The answers of a run that was cancelled; empty if there are none.
  [[nodiscard]] transnet::NetworkAnswers find_answers(const Key& key) const;

  /// Keeps them, by the rules of `keep`. Returns whether they are kept.
  bool keep_answers(const Key& key, const std::filesystem::path& video, const transnet::NetworkAnswers& answers);

 private:
  [[nodiscard]] std::filesystem::path file_of(const Key& key, std::string_view ending) const;
  /// Returns whether the file is written; no bytes are not. Warns of the first failure, after which nothing is tried.
  bool write(const std::filesystem::path& file, std::string_view bytes);

  std::filesystem::path folder_;
  std::string settings_;
  std::atomic<bool> is_written_ = true;
};

}  // namespace command
