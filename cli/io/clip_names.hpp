// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "formats/listed_span.hpp"

namespace command {

/// File names of clips, from a pattern such as "{stem}-{index:04}".
class ClipNames {
 public:
  /// Fields: stem (of the video), index (from 1), uuid, start_frame, end_frame, start_s, end_s, each with an optional
  /// format as in std::format. The caller adds the ending.
  /// @throws UsageError if the pattern gives two clips or videos the same name, or no valid name.
  ClipNames(std::string pattern, std::span<const std::filesystem::path> videos);

  /// `index` counts from 1; `entry.uuid` must be set.
  [[nodiscard]] std::string name(const std::filesystem::path& video, std::size_t index, const ListedSpan& entry) const;

 private:
  std::string pattern_;
};

/// File names of the pictures of clips, from a pattern such as "{stem}-{index:04}-{image}".
class ImageNames {
 public:
  /// Fields: those of `ClipNames`, image (from 1 for each clip), and frame (its number). `count`: pictures per clip.
  /// @throws UsageError as `ClipNames`, and if pictures of a clip would have the same name.
  ImageNames(std::string pattern, std::span<const std::filesystem::path> videos, int count);

  /// `index` and `image` count from 1; `entry.uuid` must be set.
  [[nodiscard]] std::string name(const std::filesystem::path& video, std::size_t index, const ListedSpan& entry,
                                 std::size_t image, std::int64_t frame) const;

 private:
  std::string pattern_;
};

/// The clips, shots or transitions of a video, each with its UUID.
[[nodiscard]] std::vector<ListedSpan> entries_to_cut(const transnet::VideoClips& video, SpanKind what);

}  // namespace command
