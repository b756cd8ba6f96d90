// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "commands/split/early_clips.hpp"
#include "commands/split/split_report.hpp"
#include "formats/json_text.hpp"
#include "io/clip_names.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The user's request for clips as files.
struct ClipFilesRequest {
  std::filesystem::path folder = ".";      ///< may have the fields stem and parent
  std::string name = "{stem}-{index:04}";  ///< of the files without the ending, as `ClipNames`
  std::string container;                   ///< as `add_container_option`
  transnet::CutOptions cut;
};

/// Cuts spans of videos into files. Any number of threads may call it at once.
class ClipFiles {
 public:
  /// Makes the folder. `folder_option` and `name_option` give the files other names; `overwrites` also holds for a
  /// resumed run, which replaces the files that the interrupted run left of a video. `files` must outlive it.
  /// @throws UsageError as `ClipNames` and `ProtectedFiles::check_output`, transnet::Error if the folder cannot be
  /// made.
  ClipFiles(ClipFilesRequest request, const Inputs& inputs, std::string folder_option, std::string name_option,
            ProtectedFiles& files);

  /// Everything that shapes the files.
  [[nodiscard]] Json settings() const;
  /// For each video a name that tells whether its clips still have the same names.
  [[nodiscard]] const std::vector<std::string>& examples() const noexcept { return names_.examples(); }
  /// Of the clips of a video, which is numbered in its shard.
  [[nodiscard]] std::filesystem::path folder(std::size_t number) const { return names_.folder(number); }
  [[nodiscard]] const transnet::CutOptions& options() const noexcept { return request_.cut; }

  /// The ending of the clips of a video; opens it. @throws transnet::Error if no container can hold the clips.
  [[nodiscard]] std::string ending_of(const std::filesystem::path& video, const std::stop_token& stop) const;
  /// Cuts out the spans. `number`: of the video in its shard; `ending`: from `ending_of`; `decode`: how the
  /// video is decoded, and with how many threads. @throws transnet::Error as `cut_clips`.
  [[nodiscard]] std::vector<SplitClip> cut(std::size_t number, const std::filesystem::path& video,
                                           const transnet::VideoClips& found, SpanKind what, const std::string& ending,
                                           const transnet::DecodeOptions& decode, const std::stop_token& stop) const;

  /// Called after the last video: logs one hint if copies begin long before their clips. `mode_option`: the option that
  /// chooses the mode.
  void log_hint(const std::string& mode_option) const { early_.log_hint(mode_option); }

 private:
  ClipFilesRequest request_;
  ClipNames names_;
  std::string name_option_;
  ProtectedFiles& files_;
  mutable EarlyClips early_;
};

/// The clip whose status the video has: the worst. Null if all are complete.
[[nodiscard]] const SplitClip* worst_of(const std::vector<SplitClip>& clips);

/// Logs the warnings of the clips on standard error.
void log_warnings(const std::string& video, const std::vector<SplitClip>& clips);

}  // namespace command
