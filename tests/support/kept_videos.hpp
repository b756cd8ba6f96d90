// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cctype>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/command.hpp"

namespace transnet::test {

/// Whether ffmpeg makes a video from these words alone: every input is a filter, and no word is a path.
inline bool is_made_of_no_file(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-i" && (i < 2 || words[i - 2] != "-f" || words[i - 1] != "lavfi")) return false;
    for (std::size_t slash = words[i].find('/'); slash != std::string::npos; slash = words[i].find('/', slash + 1)) {
      // 30000/1001 and N/25 are no paths.
      if (slash == 0 || std::isalnum(static_cast<unsigned char>(words[i][slash - 1])) == 0) return false;
    }
  }
  return true;
}

/// Where the video that ffmpeg makes from `words` as `file` is kept for the next test that wants the same; nothing if
/// it is made of other files. Another ffmpeg has other names for its videos.
inline std::optional<std::filesystem::path> kept_video(const std::filesystem::path& file,
                                                       const std::vector<std::string>& words) {
  namespace fs = std::filesystem;
  const auto program = path_of_command("ffmpeg");
  if (!program || !is_made_of_no_file(words) || file.native().find('%') != std::string::npos) return std::nullopt;
  std::string recipe = std::to_string(fs::file_size(*program)) + ' ' +
                       std::to_string(fs::last_write_time(*program).time_since_epoch().count());
  for (const auto& word : words) recipe.append(1, '\0').append(word);
  const fs::path folder = TRANSNET_TEST_VIDEOS_DIR;
  fs::create_directories(folder);
  return folder / (std::to_string(std::hash<std::string>()(recipe)) + file.extension().native());
}

}  // namespace transnet::test
