// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace command {

/// A list of frames, such as those at which an encoder sets keyframes.
struct FrameList {
  std::vector<std::int64_t> frames;  ///< from 0, ascending, one or more
  std::string sha256;                ///< of the file's bytes
};

/// Reads a frame number from each line. A comment begins with "#"; the lists of Aegisub ("fps 0") and of x264's option
/// --qpfile ("12 I -1") are such lists, too. @throws Mistake for any other line, for frames that do not ascend, and for
/// a list without a frame.
[[nodiscard]] std::vector<std::int64_t> parse_frame_list(const std::string& text);

/// @throws transnet::Error: not_found, permission_denied, io; invalid_argument that names the mistake and its line.
[[nodiscard]] FrameList read_frame_list(const std::filesystem::path& file);

}  // namespace command
