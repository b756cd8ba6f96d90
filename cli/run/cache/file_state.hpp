// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace command {

/// A regular file at one moment, by cheap facts only: the bytes in its middle are not read.
struct FileState {
  /// Differs if the content may differ: holds the file's whole path, inode, size and times, and its first and last
  /// bytes. Programs can set back the time of the last write, but not the time of the last inode change, so both are
  /// included.
  std::string identity;
  bool is_new = false;                         ///< it changed a few seconds ago
  bool has_fine_times = false;                 ///< its times are finer than whole seconds
  std::chrono::steady_clock::time_point seen;  ///< the moment of observation
};

/// Empty if it is not a regular file (a pipe, for example) or cannot be read.
[[nodiscard]] std::optional<FileState> state_of_file(const std::filesystem::path& file);

/// Size and last write time (nanoseconds) of a regular file. They survive a move, and a copy that keeps times. Empty
/// for other files.
[[nodiscard]] std::string stamp_of_file(const std::filesystem::path& file);

/// Whether the file is still the same and any later change will be visible: two writes within one tick of a file
/// system's clock get the same time. Waits for the next tick if it is near.
[[nodiscard]] bool is_unchanged(const FileState& before, const std::filesystem::path& file);

}  // namespace command
