// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "io/protected_files.hpp"
#include "io/result_file.hpp"
#include "transnet/clips.hpp"

namespace command {

/// What the user wants to be written.
struct OutputRequest {
  std::vector<std::string> files;  ///< as `Output` takes them; none = standard output. "{stem}": a file for each video
  std::vector<const Format*> formats;  ///< of each file; none = as the names of the files end
  std::optional<SpanKind> what;        ///< none = as the format says
  bool keeps_parts = false;            ///< what is done outlives a run that is killed; needs ResultFiles::start
  bool resumes = false;                ///< goes on with what such a run has left
  std::string part_name;               ///< of this run among others that write the same kind of files
};

/// The part file of files that are written for each video, "{stem}" in their name: `file` and `part_name`, with ".part"
/// behind. @throws UsageError that speaks of --resume where there is no place for one.
[[nodiscard]] std::string part_file_of(const std::string& file, const std::string& part_name);

/// The outputs of a run over several videos, all written at once. Videos are numbered as `ResultFile` has them.
class ResultFiles {
 public:
  /// `videos` must outlive it. Those of `others` belong to other runs, whose files this one must not write.
  /// @throws UsageError where the request contradicts itself or what it names cannot be claimed, transnet::Error where
  /// a file cannot be written.
  ResultFiles(const OutputRequest& request, std::span<const std::filesystem::path> videos, ProtectedFiles& claimed,
              std::span<const std::filesystem::path> others = {});

  /// Keeps what is done from now on, so that a run with the same `settings` can go on where this one ends early.
  /// @throws UsageError, transnet::Error as `ResumeJournal`.
  void start(const Json& settings);
  /// What became of a video in the run before this one; empty where it is still to do.
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const;
  /// The videos of that run which are other files now, and are done again.
  [[nodiscard]] std::set<std::size_t> changed() const;
  /// Opens the files of one video, before it is worked on. @throws transnet::Error
  void begin(std::size_t video);
  /// Writes the result of that video, and gives the files that are its own their names. @throws transnet::Error
  void add(std::size_t video, const transnet::VideoClips& result);
  /// Writes what is left and gives the other files their names. @throws transnet::Error
  void finish();

 private:
  std::vector<std::unique_ptr<ResultFile>> targets_;
};

}  // namespace command
