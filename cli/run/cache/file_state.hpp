// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace command {

/// A regular file at one moment, by what the system says of it at no cost: the bytes in its middle are not read.
struct FileState {
  /// Differs where the content may differ: the file's whole path, its inode, size and times, and its first and last
  /// bytes. Not only the time of the last write, which programs can set back, but that of the last change of the inode,
  /// which they cannot.
  std::string identity;
  bool is_new = false;                         ///< it was changed a few seconds ago
  bool has_fine_times = false;                 ///< they are not in whole seconds
  std::chrono::steady_clock::time_point seen;  ///< the moment
};

/// Empty where it is no regular file, such as a pipe, or cannot be read.
[[nodiscard]] std::optional<FileState> state_of_file(const std::filesystem::path& file);

/// Of a regular file its size and the time of its last write, in nanoseconds: what it keeps where it is moved, or
/// copied with its time. Empty where it is none.
[[nodiscard]] std::string stamp_of_file(const std::filesystem::path& file);

/// Whether the file is still as it was, and any change from now on will show: a file system's clock ticks, and what is
/// written twice within a tick has one time. Waits for the next tick where that is near.
[[nodiscard]] bool is_unchanged(const FileState& before, const std::filesystem::path& file);

}  // namespace command
