// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

/// A json or jsonl file that `transnet clips` wrote.
struct ClipsFile {
  /// The clips and shots of each video. Times are from the first frame, even if the file has absolute ones.
  std::vector<transnet::VideoClips> videos;
  std::string sha256;  ///< of the file's bytes
};

/// @throws transnet::Error: not_found, permission_denied, io; invalid_argument that names the mistake.
[[nodiscard]] ClipsFile read_clips(const std::filesystem::path& file);

/// The result of `video`: the one with the same name, or the only result for the only video.
/// @throws transnet::Error(invalid_argument) if there is none.
[[nodiscard]] const transnet::VideoClips& result_of(const std::string& video,
                                                    const std::vector<transnet::VideoClips>& results,
                                                    std::size_t video_count);

}  // namespace command
