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

/// Files of clips, with names from a pattern such as "{stem}-{index:04}". Videos are numbered in their shard.
class ClipNames {
 public:
  /// Fields: stem and parent of `video_names`, index (from 1), uuid, start_frame, end_frame, start_s, end_s, each with
  /// an optional format as in std::format. `folder` may have the fields stem and parent.
  /// @throws UsageError if the pattern gives two clips or videos the same file, or no valid name.
  /// `ending`: the likely one, to check the names before any video is read.
  ClipNames(std::filesystem::path folder, std::string pattern, const Inputs& inputs, const EndingOfVideo& ending);

  [[nodiscard]] std::filesystem::path folder(std::size_t video) const;
  /// `index` counts from 1; `entry.uuid` must be set.
  [[nodiscard]] std::filesystem::path file(std::size_t video, std::size_t index, const ListedSpan& entry,
                                           const std::string& ending) const;

  /// The first clip of each video, if the clip's number decides its name.
  [[nodiscard]] std::vector<std::filesystem::path> first_files() const;

  /// For each video a name that tells whether its clips still have the same names. A folder without fields is no part
  /// of it: the clips may move together.
  [[nodiscard]] const std::vector<std::string>& examples() const noexcept { return examples_; }

 private:
  [[nodiscard]] std::string without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry) const;

  std::filesystem::path folder_;
  std::string pattern_;
  std::vector<VideoName> videos_;
  std::vector<std::string> endings_;
  std::vector<std::string> examples_;
};

/// Files of the pictures of clips, with names from a pattern such as "{stem}-{index:04}-{image}".
class ImageNames {
 public:
  /// Fields: the ones of `ClipNames`, image (from 1 for each clip), and frame (its number). `folder`: as of
  /// `ClipNames`. `count`: pictures per clip.
  /// @throws UsageError as `ClipNames`, and if pictures of a clip would have the same name.
  ImageNames(std::filesystem::path folder, std::string pattern, const Inputs& inputs, std::string ending, int count);

  /// `index` and `image` count from 1; `entry.uuid` must be set.
  [[nodiscard]] std::filesystem::path file(std::size_t video, std::size_t index, const ListedSpan& entry,
                                           std::size_t image, std::int64_t frame) const;

  /// The first picture of each video, if its numbers decide its name.
  [[nodiscard]] std::vector<std::filesystem::path> first_files() const;

 private:
  [[nodiscard]] std::string without_ending(const VideoName& video, std::size_t index, const ListedSpan& entry,
                                           std::size_t image, std::int64_t frame) const;

  std::filesystem::path folder_;
  std::string pattern_;
  std::string ending_;
  std::vector<VideoName> videos_;
};

/// The clips, shots or transitions of a video, each with its UUID.
[[nodiscard]] std::vector<ListedSpan> entries_to_cut(const transnet::VideoClips& video, SpanKind what);

}  // namespace command
