// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "io/clips_file.hpp"
#include "run/extraction.hpp"
#include "run/jobs.hpp"
#include "run/lazy_model.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor.hpp"

namespace command {

/// Where the clips of videos come from: what `transnet clips` has written, or the network. Any number of threads may
/// ask.
class ClipFinder {
 public:
  /// `files`: at most one that `transnet clips` has written; none = the network finds the clips as `stage` says, with
  /// the threads of `shares`; what it answers is kept in the folder `cache` unless that is empty. `video_count`: of all
  /// parts of the run.
  /// @throws transnet::Error
  ClipFinder(const std::vector<std::filesystem::path>& files, transnet::ClipExtractorOptions stage,
             const ThreadShares& shares, ProgressMode progress, std::size_t video_count,
             const std::filesystem::path& cache, const std::stop_token& stop);

  /// What shapes the clips, as `extraction_settings` or `reading_settings`.
  [[nodiscard]] Json settings();

  /// `progress` is told of the network's work. @throws transnet::Error
  [[nodiscard]] transnet::VideoClips clips_of(const std::filesystem::path& video, VideoProgress& progress,
                                              const std::stop_token& stop);

 private:
  std::size_t video_count_;
  transnet::ClipExtractorOptions stage_;
  std::optional<LazyModel> model_;
  std::optional<Extraction> extraction_;  // empty: the results are there
  ClipsFile results_;
};

}  // namespace command
