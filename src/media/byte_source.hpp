// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "media/deadline.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// The bytes of a container. FFmpeg reads only through this: it never parses a path as an address, so any file name
/// works, and it can reach nothing except the file itself.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Reads up to `buffer.size()` bytes. Returns their number, 0 at the end, or a negative errno; -ECANCELED after the
  /// deadline.
  [[nodiscard]] virtual std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept = 0;
  /// Total bytes; empty if seeking is impossible, as in a pipe.
  [[nodiscard]] virtual std::optional<std::int64_t> size() const noexcept = 0;
  /// Moves the reading position; allowed only if `size()` is known.
  virtual void seek(std::int64_t position) noexcept = 0;
  [[nodiscard]] virtual std::int64_t position() const noexcept = 0;
  /// The files of an image sequence, whose first one this source brings; empty: the source is a video.
  [[nodiscard]] virtual std::span<const std::filesystem::path> images() const noexcept { return {}; }
};

/// A source that is read once, such as a pipe; or the file that keeps what it brought: an MP4 file whose index stands
/// behind its pictures cannot be read otherwise. The file has no name and lies in `options.spool_dir`.
/// @throws Error: limit_exceeded, cancelled, io. Errors use `name`.
[[nodiscard]] std::unique_ptr<ByteSource> kept_if_needed(std::unique_ptr<ByteSource> pipe, const std::string& name,
                                                         Deadline& deadline, const DecodeOptions& options);

/// A path that names no file may be the pattern of an image sequence, as `base::is_image_pattern`.
/// A pipe is `kept_if_needed`. The deadline must outlive the source.
/// @throws Error: not_found, permission_denied, io; as `base::find_images` and `kept_if_needed`.
[[nodiscard]] std::unique_ptr<ByteSource> open_file(const std::filesystem::path& file, Deadline& deadline,
                                                    const DecodeOptions& options);

/// The bytes must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> open_memory(std::span<const std::byte> bytes);

}  // namespace transnet::media
