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

/// A text in which no tab and no line break are left. Its other bytes are as they were, UTF-8 or not.
[[nodiscard]] std::string escape_line(std::string_view text);
/// The text again.
[[nodiscard]] std::string unescape_line(std::string_view line);

/// What is done of a run that has not ended, in a file of its own: the settings that shape results, then a line for
/// every video. Each line is written as soon as its video is done, so that a process that is killed leaves the last one
/// torn at most. Locked while it is open.
class ResumeJournal {
 public:
  struct Entry {
    std::string video;
    std::string stamp;  // of the video, as it was then; empty: it was no regular file
    transnet::Status status;
    std::uint64_t offset;  // of the text
    std::size_t bytes;
  };

  /// Goes on with the file where that is wanted, and begins it anew where nothing was done.
  /// @throws UsageError where it holds what is not wanted or was made with other settings, transnet::Error where it
  /// cannot be written or another process does so.
  ResumeJournal(std::filesystem::path file, const Json& settings, bool resumes);
  /// Removes a file that holds nothing.
  ~ResumeJournal();
  ResumeJournal(const ResumeJournal&) = delete;
  ResumeJournal& operator=(const ResumeJournal&) = delete;

  /// What the run before has done.
  [[nodiscard]] const std::vector<Entry>& before() const noexcept { return before_; }

  /// `stamp` and `text` have no line break, and the stamp no tab. @throws transnet::Error
  Entry append(const std::string& video, const std::string& stamp, transnet::Status status, std::string_view text);
  [[nodiscard]] std::string read(const Entry& entry) const;

  /// Once its results stand elsewhere.
  void remove();

 private:
  void open_and_lock();
  void read_all(const Json& settings, bool resumes);
  void write(std::string_view bytes);

  std::filesystem::path file_;
  std::vector<Entry> before_;
  std::uint64_t size_ = 0;
  bool is_empty_ = true;
  transnet::base::FileDescriptor descriptor_;
};

}  // namespace command
