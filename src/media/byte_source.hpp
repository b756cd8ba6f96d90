// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "media/deadline.hpp"

namespace transnet::media {

/// Where a container's bytes come from. FFmpeg reads through this and nothing else: no path is ever parsed as an
/// address, so any file name works and nothing but the file itself can be reached.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Reads up to `buffer.size()` bytes: their number, 0 at the end, or a negative errno. -ECANCELED past the deadline.
  [[nodiscard]] virtual std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept = 0;
  /// Bytes in all; empty for what cannot be sought in, as a pipe.
  [[nodiscard]] virtual std::optional<std::int64_t> size() const noexcept = 0;
  /// Moves the reading position; only where `size()` is known.
  virtual void seek(std::int64_t position) noexcept = 0;
  [[nodiscard]] virtual std::int64_t position() const noexcept = 0;
};

/// The deadline must outlive the source.
/// @throws Error: not_found, permission_denied, io.
[[nodiscard]] std::unique_ptr<ByteSource> open_file(const std::filesystem::path& file, Deadline& deadline);

/// The bytes must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> open_memory(std::span<const std::byte> bytes);

}  // namespace transnet::media
