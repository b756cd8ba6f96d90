// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

/// What `transnet clips` has written as json or jsonl.
struct ClipsFile {
  /// The clips and shots of each video, their times from the first frame also where absolute ones are written.
  std::vector<transnet::VideoClips> videos;
  std::string sha256;  ///< of its bytes
};

/// @throws transnet::Error: not_found, permission_denied, io; invalid_argument that says what is wrong in it.
[[nodiscard]] ClipsFile read_clips(const std::filesystem::path& file);

/// The result of `video`: that of the same name, or the only one where there is only one.
/// @throws transnet::Error(invalid_argument) where there is none.
[[nodiscard]] const transnet::VideoClips& result_of(const std::filesystem::path& video,
                                                    const std::vector<transnet::VideoClips>& results,
                                                    std::size_t video_count);

}  // namespace command
