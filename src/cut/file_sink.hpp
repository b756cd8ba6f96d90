// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/whole_file.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A file that appears under its name when it is whole. FFmpeg writes into it through our own callbacks, so no name is
/// ever parsed as an address and the system's words for a failed write are known.
class FileSink {
 public:
  /// Makes a temporary file in the same folder.
  /// @throws Error: not_found, permission_denied, io; io where the file exists and may not be replaced.
  FileSink(std::filesystem::path file, bool overwrites);
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  [[nodiscard]] AVIOContext& io() noexcept { return *io_; }
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

  /// @throws Error where a write has failed.
  void check() const;
  /// Brings the content to the disk and gives the file its name. @throws Error
  void commit();

 private:
  static int write(void* opaque, WrittenByte* bytes, int size) noexcept;
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence) noexcept;

  std::filesystem::path file_;
  std::optional<base::WholeFile> whole_;
  int write_error_ = 0;  // errno of the first write that failed
  IoPtr io_;
};

}  // namespace transnet::media
