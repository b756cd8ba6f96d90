// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/lower_case_ending.hpp"

namespace transnet::media {

/// The ending of encoded clips of a video if their container can hold them: Matroska stays Matroska, and all others
/// become MP4, which every player takes.
[[nodiscard]] inline std::string usual_ending(const std::filesystem::path& video) {
  const std::string ending = base::lower_case_ending(video);
  return ending == ".mkv" || ending == ".webm" ? ".mkv" : ".mp4";
}

}  // namespace transnet::media
