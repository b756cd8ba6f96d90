// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "io/resume_journal.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The finished videos of a run: those in the part file of an earlier run, and those added since. Videos are
/// numbered from 0. Before `start`, there is no part file, and no video is done.
class DoneVideos {
 public:
  /// `inputs` must outlive it. `files`: the destination of each video, if each has its own; a video that had another
  /// one, or whose file has got the result of another video since, is to do again.
  /// @throws UsageError, transnet::Error as `ResumeJournal`; UsageError if a file has the only result of a video that
  /// is not among the inputs.
  void start(const std::filesystem::path& part_file, const Json& settings, const ResumeRequest& resume,
             const Inputs& inputs, const std::vector<std::string>& files = {});

  /// The status of a finished video; empty if it is still to do.
  [[nodiscard]] std::optional<transnet::Status> status(std::size_t video) const;
  /// The text added with the video. @throws transnet::Error
  [[nodiscard]] std::string text(std::size_t video) const;
  /// The videos that the earlier run finished but that have changed since: they are to do again.
  [[nodiscard]] std::span<const std::size_t> changed() const noexcept { return changed_; }

  /// Its result no longer exists: the video is to do again.
  void forget(std::size_t video) { entries_[video].reset(); }

  /// Call it before the work on a video starts: it notes the state of the file.
  void begin(std::size_t video);
  /// `text` must have no line break. @throws transnet::Error
  void add(std::size_t video, transnet::Status status, std::string_view text);

  /// Call it after the last video, as `ResumeJournal::finish`.
  void finish();

 private:
  const Inputs* inputs_ = nullptr;
  std::vector<std::string> names_;  // of the videos in the part file
  std::optional<ResumeJournal> part_;
  std::vector<std::optional<ResumeJournal::Entry>> entries_;  // of each video
  std::vector<std::size_t> changed_;
  std::map<std::size_t, std::string> stamps_;  // of the videos in progress
};

/// Claims the files of a finished video, so that no other video gets them; false if one no longer exists. `kind` and
/// `option` as in `ProtectedFiles::claim`. @throws transnet::Error as `claim`.
[[nodiscard]] bool take_files_of_done(std::span<const std::filesystem::path> written, std::string_view kind,
                                      std::string_view option, ProtectedFiles& files);

/// Joins texts of any bytes into one line, for a part file.
[[nodiscard]] std::string join_cells(std::span<const std::string> cells);
/// Reverses `join_cells`; an empty text gives none.
[[nodiscard]] std::vector<std::string> split_cells(std::string_view text);

}  // namespace command
