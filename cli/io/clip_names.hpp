// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "formats/listed_span.hpp"
#include "io/inputs.hpp"
#include "io/video_names.hpp"

namespace command {

/// The ending of a video's files, with its dot.
using EndingOfVideo = std::function<std::string(const std::filesystem::path& video)>;

/// File names of clips, from a pattern such as "{stem}-{index:04}". Videos are numbered in their shard.
class ClipNames {
 public:
  /// Fields: stem and parent of `video_names`, index (from 1), uuid, start_frame, end_frame, start_s, end_s, each with
  /// an optional format as in std::format.
  /// @throws UsageError if the pattern gives two clips or videos the same name, or no valid name.
  /// `ending`: the likely one, to check the names before any video is read.
  ClipNames(std::string pattern, const Inputs& inputs, const EndingOfVideo& ending);

  /// `index` counts from 1; `entry.uuid` must be set.
  [[nodiscard]] std::string name(std::size_t video, std::size_t index, const ListedSpan& entry,
                                 const std::string& ending) const;

  /// The name of the first clip of each video, if the clip's number decides it.
  [[nodiscard]] std::vector<std::string> first_names() const;

  /// For each video a name that tells whether its clips still have the same names.
  [[nodiscard]] const std::vector<std::string>& examples() const noexcept { return examples_; }

 private:
  [[nodiscard]] std::string without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry) const;

  std::string pattern_;
  std::vector<VideoName> videos_;
  std::vector<std::string> endings_;
  std::vector<std::string> examples_;
};

/// File names of the pictures of clips, from a pattern such as "{stem}-{index:04}-{image}".
class ImageNames {
 public:
  /// Fields: those of `ClipNames`, image (from 1 for each clip), and frame (its number). `count`: pictures per clip.
  /// @throws UsageError as `ClipNames`, and if pictures of a clip would have the same name.
  ImageNames(std::string pattern, const Inputs& inputs, std::string ending, int count);

  /// With its ending. `index` and `image` count from 1; `entry.uuid` must be set.
  [[nodiscard]] std::string name(std::size_t video, std::size_t index, const ListedSpan& entry, std::size_t image,
                                 std::int64_t frame) const;

  /// The name of the first picture of each video, if its numbers decide it.
  [[nodiscard]] std::vector<std::string> first_names() const;

 private:
  [[nodiscard]] std::string without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry,
                                           std::size_t image, std::int64_t frame) const;

  std::string pattern_;
  std::string ending_;
  std::vector<VideoName> videos_;
};

/// The clips, shots or transitions of a video, each with its UUID.
[[nodiscard]] std::vector<ListedSpan> entries_to_cut(const transnet::VideoClips& video, SpanKind what);

}  // namespace command
