// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "base/file_descriptor.hpp"
#include "transnet/error.hpp"

namespace transnet::weights {

/// "<path>: <action>: <the system's message>" with the matching code: not_found, permission_denied or io.
[[nodiscard]] Error system_error(const std::filesystem::path& path, const std::string& action, int error_number);

/// Opens a file that started programs do not inherit. @throws Error as `system_error`.
[[nodiscard]] base::FileDescriptor open_file(const std::filesystem::path& path, int flags);

/// Holds an exclusive advisory lock on a file as long as it lives: one holder among all threads of all processes. The
/// kernel frees the lock of a process that dies. The file itself stays: if it were deleted, a waiter would lock a file
/// that newcomers can no longer see.
class FileLock {
 public:
  /// Waits for the lock.
  /// @throws Error(cancelled) on a stop request, otherwise as `system_error`.
  FileLock(const std::filesystem::path& path, const std::stop_token& stop);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  base::FileDescriptor file_;
};

/// The growing file of a download. Its content survives the object, so that a later download can continue; an empty
/// file is removed.
class PartialFile {
 public:
  /// Opens or creates the file.
  explicit PartialFile(std::filesystem::path path);
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::int64_t size_bytes() const noexcept { return size_bytes_; }

  void append(std::span<const char> bytes);
  void clear();
  /// Writes the content to the disk, then gives it its final name and replaces an existing file.
  void publish(const std::filesystem::path& final_path);

 private:
  std::filesystem::path path_;
  base::FileDescriptor file_;
  std::int64_t size_bytes_ = 0;
};

}  // namespace transnet::weights
