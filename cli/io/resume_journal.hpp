// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_descriptor.hpp"
#include "formats/json_text.hpp"
#include "transnet/clips.hpp"

namespace command {

/// Escapes tabs and line breaks. Other bytes stay the same, UTF-8 or not.
[[nodiscard]] std::string escape_line(std::string_view text);
/// Reverses `escape_line`.
[[nodiscard]] std::string unescape_line(std::string_view line);

/// Whether a run continues an earlier one.
struct ResumeRequest {
  bool is_given = false;
  bool retries_failed = false;  ///< failed videos of the earlier run are to do again
};

/// Removes the record of a finished run, whose results a new run replaces. `part_file`: of that run, as for
/// `ResumeJournal`. A file of somebody else stays.
void remove_record(const std::filesystem::path& part_file);

/// The progress of a run in its own file: the settings that shape results, then a line per finished video. Each line is
/// written as soon as its video is done, so a killed process loses at most the last line. Locked while open. The file's
/// name ends in ".part" until the run is finished. If the run was asked to resume, the file stays after that, with the
/// ending ".resume", so that a later run can continue with further videos.
class ResumeJournal {
 public:
  struct Entry {
    std::string video;  // its name, and its destination behind a tab if it has its own
    std::string stamp;  // identifies the video's content at that time; empty: not a regular file
    transnet::Status status;
    std::uint64_t offset;  // of the text
    std::size_t bytes;
  };

  /// Continues the part file, or the file of a finished run, if `resumes`. Starts a new one if there are no results.
  /// @throws UsageError if a part file holds results but `resumes` is false, or if its settings differ; transnet::Error
  /// if it cannot be written or another process writes it.
  ResumeJournal(std::filesystem::path file, const Json& settings, bool resumes);
  /// Removes a file without results.
  ~ResumeJournal();
  ResumeJournal(const ResumeJournal&) = delete;
  ResumeJournal& operator=(const ResumeJournal&) = delete;

  /// The results of the interrupted run.
  [[nodiscard]] const std::vector<Entry>& before() const noexcept { return before_; }

  /// `stamp` and `text` must have no line break, and the stamp no tab. @throws transnet::Error
  Entry append(const std::string& video, const std::string& stamp, transnet::Status status, std::string_view text);
  [[nodiscard]] std::string read(const Entry& entry) const;

  /// Call it once the results are stored elsewhere: it removes the file, or gives it the ending ".resume".
  void finish();

 private:
  void open_and_lock();
  void read_all(const Json& settings);
  void write(std::string_view bytes);

  std::filesystem::path file_;
  bool resumes_;
  std::vector<Entry> before_;
  std::uint64_t size_ = 0;
  bool is_empty_ = true;
  transnet::base::FileDescriptor descriptor_;
};

}  // namespace command
