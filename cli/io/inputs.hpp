// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/input_list.hpp"
#include "io/input_video.hpp"
#include "io/protected_files.hpp"
#include "io/video_names.hpp"

namespace command {

/// One of `count` equal parts of a run, `index` from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;

  /// Parses "2/8"; throws UsageError if the text names no part.
  [[nodiscard]] static Shard parse(std::string_view text);
};

/// The videos that the user names.
struct InputRequest {
  std::vector<std::filesystem::path> named;  ///< videos, folders with videos, and shell patterns
  std::vector<std::filesystem::path> lists;  ///< files that list more inputs
  ListRequest columns;                       ///< of the lists
  bool is_recursive = false;                 ///< search subfolders as well
  Shard shard;
  std::string name;  ///< of the only video, in results; empty: as it was named
};

struct Inputs {
  std::vector<InputVideo> all;  ///< of all shards
  Shard shard;
  std::vector<std::string> columns;  ///< the names of the columns of all lists

  /// The number of videos of this shard.
  [[nodiscard]] std::size_t size() const noexcept {
    return all.size() < shard.index ? 0 : (all.size() - shard.index) / shard.count + 1;
  }
  /// A video of this shard.
  [[nodiscard]] const InputVideo& operator[](std::size_t video) const {
    return all[shard.index - 1 + video * shard.count];
  }
  /// The elements for the videos of this shard among those for `all`.
  template <typename Element>
  [[nodiscard]] std::vector<Element> own(const std::vector<Element>& of_all) const {
    std::vector<Element> elements;
    for (std::size_t i = shard.index - 1; i < of_all.size(); i += shard.count) elements.push_back(of_all[i]);
    return elements;
  }
  /// The origin of the names of files, of the videos of all shards.
  [[nodiscard]] std::vector<VideoName> names() const;
};

/// These files only.
[[nodiscard]] Inputs inputs_of(std::span<const std::filesystem::path> files);

/// The videos in the order of the inputs; the videos of a folder are sorted. A folder that holds no video or cannot be
/// read stays in its place and later fails like a video. Logs on standard error how many subfolders are not searched.
/// `files` protects the videos and the lists.
/// @throws UsageError if there is no input, transnet::Error if a list cannot be read.
[[nodiscard]] Inputs find_inputs(const InputRequest& request, ProtectedFiles& files);

/// @throws transnet::Error if the input is a folder; the message says why it gave no video.
void check_no_folder(const InputVideo& input);

/// For steps that read a video a second time; `what` names them: pictures or clips. @throws transnet::Error for a pipe.
void check_no_pipe(const std::filesystem::path& input, const std::string& what = "pictures");

}  // namespace command
