// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "io/clips_file.hpp"
#include "io/input_video.hpp"
#include "run/extraction.hpp"
#include "run/jobs.hpp"
#include "run/lazy_model.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor.hpp"

namespace command {

/// Finds the clips of videos in the output of `transnet clips` or with the network. Any number of threads may call it
/// at once.
class ClipFinder {
 public:
  /// `files`: at most one output of `transnet clips`; none = the network finds the clips with `stage`, which
  /// loads `model_files` if there are any, and the threads of `shares`, and keeps its probabilities in the folder
  /// `cache` unless that is empty.
  /// @throws transnet::Error
  ClipFinder(const std::vector<std::filesystem::path>& files, transnet::ClipExtractorOptions stage,
             std::vector<transnet::ModelFile> model_files, const ThreadShares& shares, ProgressMode progress,
             std::size_t video_count, const std::filesystem::path& cache, const std::stop_token& stop);

  /// The settings that shape the clips, as `extraction_settings` or `reading_settings`.
  [[nodiscard]] Json settings();

  /// `what`: the spans that the user wants; `progress` receives the network's progress; `snap`: where borders of shots
  /// go if the network finds them. @throws transnet::Error
  [[nodiscard]] transnet::VideoClips clips_of(const InputVideo& video, SpanKind what, VideoProgress& progress,
                                              const std::stop_token& stop, const transnet::BorderSnap& snap);

 private:
  std::size_t video_count_;
  transnet::ClipExtractorOptions stage_;
  std::optional<LazyModel> model_;
  std::optional<Extraction> extraction_;  // empty: the clips come from a file
  std::filesystem::path results_file_;
  ClipsFile results_;
};

}  // namespace command
