// SPDX-License-Identifier: Apache-2.0
#include "io/video_names.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "formats/text.hpp"
#include "io/output.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// "..mp4" has the stem "." and "/video.mp4" the parent "": as parts of a path, they would name other folders.
std::string harmless(const std::string& value) { return value.empty() || value == "." || value == ".." ? "_" : value; }

/// Containers of videos; other files are read only if they are named themselves.
constexpr std::array video_endings = {".3g2",  ".3gp",  ".asf", ".avi",  ".divx", ".dv",  ".f4v", ".flv", ".h264",
                                      ".h265", ".hevc", ".ivf", ".m2ts", ".m2v",  ".m4v", ".mkv", ".mov", ".mp4",
                                      ".mpeg", ".mpg",  ".mts", ".mxf",  ".nut",  ".ogm", ".ogv", ".qt",  ".rm",
                                      ".rmvb", ".ts",   ".vob", ".webm", ".wmv",  ".y4m"};

bool fits(const fs::path& file) {
  return std::ranges::all_of(file, [](const auto& part) { return part.native().size() <= max_name_bytes; });
}

/// Which value gets the number.
using NumberedValue = std::string VideoName::*;

/// The name with a number, shortened until its file is valid. `count` 1: without a number.
VideoName make_name(const VideoName& whole, NumberedValue value, std::size_t count,
                    const std::function<fs::path(const VideoName&)>& file) {
  const auto number = count > 1 ? fmt::format("-{}", count) : "";
  auto name = whole;
  name.*value += number;
  for (auto bytes = max_name_bytes; bytes > 0 && !fits(file(name)); --bytes) {
    name = {first_bytes(whole.stem, bytes), first_bytes(whole.parent, bytes)};
    name.*value += number;
  }
  return name;
}

}  // namespace

bool is_video_name(const fs::path& file) {
  const auto ending = lower_case_ending(file);
  return std::ranges::find(video_endings, ending) != video_endings.end();
}

VideoName name_of(const InputVideo& video) {
  std::error_code ignored;
  const fs::path id = video.id;
  const auto& place = id.has_parent_path() ? id : video.file;
  const auto folder = fs::absolute(place, ignored).lexically_normal().parent_path().filename();
  const auto stem = video.id.empty() ? video.file.stem() : is_video_name(id) ? id.stem() : id.filename();
  return {harmless(stem.native()), harmless(folder.native())};
}

bool is_for_each_video(std::string_view pattern) {
  return pattern.find(stem_field) != std::string_view::npos || pattern.find(parent_field) != std::string_view::npos;
}

std::string unknown_field(std::string_view pattern) {
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const auto field = pattern.substr(open, close - open + 1);
    const auto word = field.substr(1, field.size() - 2);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    const auto name = word.substr(0, word.find(':'));
    const bool is_word = !name.empty() && name.find_first_not_of(letters) == std::string_view::npos;
    if (is_word && field != stem_field && field != parent_field) return std::string(field);
  }
  return "";
}

std::string with_name(std::string_view pattern, const VideoName& name) {
  std::string text;
  while (!pattern.empty()) {
    if (pattern.starts_with(stem_field)) {
      text += name.stem;
      pattern.remove_prefix(stem_field.size());
    } else if (pattern.starts_with(parent_field)) {
      text += name.parent;
      pattern.remove_prefix(parent_field.size());
    } else {
      text += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return text;
}

fs::path shared_folder(const fs::path& pattern) {
  fs::path folder;
  for (const auto& part : pattern) {
    if (is_for_each_video(part.native())) break;
    folder /= part;
  }
  return folder.empty() ? "." : folder;
}

std::vector<VideoName> video_names(std::span<const VideoName> whole, const FileOfName& file) {
  std::vector<VideoName> names;
  std::vector<fs::path> own_files;  // without numbers
  for (std::size_t video = 0; video < whole.size(); ++video) {
    const auto file_of = [&](const VideoName& name) { return file(name, video); };
    names.push_back(make_name(whole[video], &VideoName::stem, 1, file_of));
    own_files.push_back(identity(file_of(names.back())));
  }
  std::set<fs::path> taken(own_files.begin(), own_files.end());
  if (taken.size() == whole.size()) return names;
  std::map<fs::path, std::size_t> counts;  // of the videos so far, by their own files
  for (std::size_t video = 0; video < whole.size(); ++video) {
    auto& count = counts[own_files[video]];
    if (count++ == 0) continue;
    const auto file_of = [&](const VideoName& name) { return file(name, video); };
    for (const auto value : {&VideoName::stem, &VideoName::parent}) {
      auto name = make_name(whole[video], value, count, file_of);
      if (identity(file_of(name)) == own_files[video]) continue;  // the file does not have this value
      // Not for ever: a pattern may cut the number off.
      const auto last = count + whole.size();
      bool is_free = taken.insert(identity(file_of(name))).second;
      for (; !is_free && count < last; is_free = taken.insert(identity(file_of(name))).second) {
        name = make_name(whole[video], value, ++count, file_of);
      }
      if (is_free) names[video] = std::move(name);
      break;
    }
  }
  return names;
}

std::vector<std::string> files_of_videos(const std::string& pattern, std::span<const VideoName> videos,
                                         std::size_t more_bytes) {
  std::vector<std::string> files;
  const auto file = [&](const VideoName& name, std::size_t) {
    return fs::path(with_name(pattern, name) + std::string(more_bytes, '0'));
  };
  for (const auto& name : video_names(videos, file)) files.push_back(with_name(pattern, name));
  return files;
}

}  // namespace command
