// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/input_video.hpp"

namespace command {

/// The fields of a pattern for file names that stand for a video.
inline constexpr std::string_view stem_field = "{stem}";
inline constexpr std::string_view parent_field = "{parent}";

/// Their values.
struct VideoName {
  std::string stem;    ///< the file's name without its folder and ending
  std::string parent;  ///< the name of its folder
};

/// Whether the name has the ending of a container of videos.
[[nodiscard]] bool is_video_name(const std::filesystem::path& file);

/// The values for a video. Its id counts more than its file, and loses only the ending of a container: "ep.01" is one
/// name. An id without a folder takes the folder of the file.
[[nodiscard]] VideoName name_of(const InputVideo& video);

/// The greatest length of the name of a file or folder, bytes.
inline constexpr std::size_t max_name_bytes = 255;

/// Whether the files of the pattern are different for each video.
[[nodiscard]] bool is_for_each_video(std::string_view pattern);

/// The first "{word}" of the pattern that is none of these fields, with its braces; empty if there is none.
[[nodiscard]] std::string unknown_field(std::string_view pattern);

/// The pattern with the values of a video. Each field may stand several times.
[[nodiscard]] std::string with_name(std::string_view pattern, const VideoName& name);

/// The part of a path before the first folder that is different for each video; "." if that is the first one.
[[nodiscard]] std::filesystem::path shared_folder(const std::filesystem::path& pattern);

/// Makes the longest of the names of a video's files from the values. `video`: its number from 0.
using FileOfName = std::function<std::filesystem::path(const VideoName& name, std::size_t video)>;

/// The values for each video, `whole`, changed such that each has another file. A value is shortened, at a character,
/// if the name of the file would be too long. If files still meet, the second video gets "-2" behind its stem, or
/// behind its parent if the file has no stem, the third "-3", and so on; a video whose own name is "a-2" keeps it.
/// Files that depend on neither value may meet.
[[nodiscard]] std::vector<VideoName> video_names(std::span<const VideoName> whole, const FileOfName& file);

/// The file of each video, from a pattern with `stem_field` or `parent_field`. `more_bytes`: how much longer the names
/// of its further files are.
[[nodiscard]] std::vector<std::string> files_of_videos(const std::string& pattern, std::span<const VideoName> videos,
                                                       std::size_t more_bytes = 0);

}  // namespace command
