// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/protected_files.hpp"

namespace command {

/// One of `count` equal parts of a run, `index` from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;

  /// "2/8"; throws UsageError for anything that names no part.
  [[nodiscard]] static Shard parse(std::string_view text);
};

/// The videos that the user names.
struct InputRequest {
  std::vector<std::filesystem::path> named;  ///< videos, folders that hold them, and patterns as a shell has them
  std::vector<std::filesystem::path> lists;  ///< files that name more
  bool is_recursive = false;                 ///< folders in folders, too
  Shard shard;
};

struct Inputs {
  std::vector<std::filesystem::path> videos;
  std::vector<std::filesystem::path> of_other_shards;
};

/// The videos in the order in which they are named, those of a folder sorted. A folder without a video, or one that
/// cannot be read, stays in their place: it fails like a video. They and the lists are protected by `files`.
/// @throws UsageError where there is none at all, transnet::Error where a list cannot be read.
[[nodiscard]] Inputs find_inputs(const InputRequest& request, ProtectedFiles& files);

/// @throws transnet::Error where the input is a folder, saying why it stands for no video.
void check_no_folder(const std::filesystem::path& input);

/// For pictures or clips, as `what` says, which need a video a second time. @throws transnet::Error where it is a pipe.
void check_no_pipe(const std::filesystem::path& input, const std::string& what = "pictures");

}  // namespace command
