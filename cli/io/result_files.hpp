// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "formats/made_by.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "io/result_file.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The user's request for outputs.
struct OutputRequest {
  std::vector<std::string> files;      ///< as `Output` takes them; none = standard output. with a field of `VideoName`:
                                       ///< one file per video
  std::vector<const Format*> formats;  ///< one per file; none = by the file names' endings
  std::optional<SpanKind> what;        ///< none = the format's default
  FormatOptions format_options;
  bool overwrites = false;   ///< replaces existing files
  bool keeps_parts = false;  ///< finished results survive a killed run
  ResumeRequest resume;
  std::string part_name;  ///< tells this run's part file from the files of other shards
};

/// The format of each file. @throws UsageError if an ending names none.
[[nodiscard]] std::vector<const Format*> formats_of_files(const OutputRequest& request);

/// The part file for `file`, a pattern with a field of `VideoName`: below the folders without a field, it has the rest
/// of the pattern as its name, then `part_name`, then ".part".
/// @throws UsageError about --resume without such a field.
[[nodiscard]] std::string part_file_of(const std::string& file, const std::string& part_name);

/// The outputs of a run over several videos, all written at once. Videos are numbered as in `ResultFile`.
class ResultFiles {
 public:
  /// `inputs` must outlive it. It writes no file of a video of another shard.
  /// @throws UsageError if the request contradicts itself or a file cannot be claimed, transnet::Error if a file cannot
  /// be written.
  ResultFiles(const OutputRequest& request, const Inputs& inputs, ProtectedFiles& claimed);

  /// Call it first. `made_by`: the facts that are common to all results. Keeps the results from now on, so that a run
  /// with the same `settings` can continue this one if it ends early.
  /// @throws UsageError, transnet::Error as `ResumeJournal`.
  void start(MadeBy made_by, const Json& settings);
  /// The spans that the outputs hold: clips if any of them does.
  [[nodiscard]] SpanKind what() const noexcept { return what_; }
  /// The video's status from the interrupted run; empty if it is still to do.
  [[nodiscard]] std::optional<transnet::Status> done(std::size_t video) const;
  /// The videos that have changed since the interrupted run and are done again.
  [[nodiscard]] std::set<std::size_t> changed() const;
  /// Opens the files of one video, before the work on it, whose time counts from now on. @throws transnet::Error
  void begin(std::size_t video);
  /// Any number of threads may call it, before `add`. @throws transnet::Error if a format cannot hold the result with
  /// the options of the request.
  void check(const transnet::VideoClips& result) const;
  /// Writes the result of that video and gives its own files their names. @throws transnet::Error
  void add(std::size_t video, const transnet::VideoClips& result);
  /// Writes the rest and gives the other files their names. @throws transnet::Error
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  SpanKind what_ = SpanKind::clips;
  const Inputs& inputs_;
  std::vector<std::unique_ptr<ResultFile>> targets_;
  FormatOptions format_options_;
  bool has_start_timecode_ = false;  ///< a format uses it
  MadeBy made_by_;
  std::map<std::size_t, Clock::time_point> begun_;  // the videos in progress
};

}  // namespace command
