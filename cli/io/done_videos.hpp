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

#include "io/protected_files.hpp"
#include "io/resume_journal.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Which videos of a run are done: those of a run before it that did not end, as its part file says, and each that is
/// added. Videos are numbered from 0. Without a start, there is no part file, and each video is to do.
class DoneVideos {
 public:
  /// `videos` must outlive it. @throws UsageError, transnet::Error as `ResumeJournal`.
  void start(const std::filesystem::path& part_file, const Json& settings, bool resumes,
             std::span<const std::filesystem::path> videos);

  /// What became of a video; empty where it is to do.
  [[nodiscard]] std::optional<transnet::Status> status(std::size_t video) const;
  /// What was added with it. @throws transnet::Error
  [[nodiscard]] std::string text(std::size_t video) const;
  /// The videos that were done in the run before and are other files now: they are to do.
  [[nodiscard]] std::span<const std::size_t> changed() const noexcept { return changed_; }

  /// Its result is not there any more: it is to do.
  void forget(std::size_t video) { entries_[video].reset(); }

  /// Before a video is worked on: the part file says how the file was then.
  void begin(std::size_t video);
  /// `text` has no line break. @throws transnet::Error
  void add(std::size_t video, transnet::Status status, std::string_view text);

  /// Once all videos are done. The part file goes.
  void finish();

 private:
  std::span<const std::filesystem::path> videos_;
  std::optional<ResumeJournal> part_;
  std::vector<std::optional<ResumeJournal::Entry>> entries_;  // of each video
  std::vector<std::size_t> changed_;
  std::map<std::size_t, std::string> stamps_;  // of the videos that are under way
};

/// Takes the files of a video that is done, so that no other video gets them; false where one is not there any more.
/// `kind` and `option` as of `ProtectedFiles::claim`. @throws transnet::Error as that.
[[nodiscard]] bool take_files_of_done(std::span<const std::filesystem::path> written, std::string_view kind,
                                      std::string_view option, ProtectedFiles& files);

/// Texts of any bytes in one without a line break, for a part file.
[[nodiscard]] std::string join_cells(std::span<const std::string> cells);
/// The texts again; of an empty text, none.
[[nodiscard]] std::vector<std::string> split_cells(std::string_view text);

}  // namespace command
