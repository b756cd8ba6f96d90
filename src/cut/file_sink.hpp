// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/whole_file.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A file that appears under its name once it is complete. FFmpeg writes through our own callbacks, so it never parses
/// a name as an address, and errors carry the system's message.
class FileSink {
 public:
  /// Creates a temporary file in the same folder.
  /// @throws Error: not_found, permission_denied, io; io if the file exists and must not be replaced.
  FileSink(std::filesystem::path file, bool overwrites);
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  [[nodiscard]] AVIOContext& io() noexcept { return *io_; }
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

  /// @throws Error if a write has failed.
  void check() const;
  /// Writes the content to the disk and gives the file its name. @throws Error
  void commit();

 private:
  static int write(void* opaque, WrittenByte* bytes, int size) noexcept;
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) noexcept;

  std::filesystem::path file_;
  std::optional<base::WholeFile> whole_;
  int write_error_ = 0;  // errno of the first failed write
  IoPtr io_;
};

}  // namespace transnet::media
