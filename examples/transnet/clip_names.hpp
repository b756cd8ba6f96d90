#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "formats/entry.hpp"

namespace command {

/// Names of the files that clips are cut into, made by a pattern such as "{stem}-{index:04}".
class ClipNames {
 public:
  /// Fields: stem (of the video), index (from 1), uuid, start_frame, end_frame, start_s, end_s, each with a format as
  /// std::format has it. The ending is added to it.
  /// @throws UsageError where the pattern cannot be used: clips or videos would share a name, or it is no name.
  ClipNames(std::string pattern, std::span<const std::filesystem::path> videos);

  /// `index` counts from 1; `entry.uuid` must be set.
  [[nodiscard]] std::string name(const std::filesystem::path& video, std::size_t index, const Entry& entry) const;

 private:
  std::string pattern_;
};

/// The clips or the shots of a video, each with its UUID.
[[nodiscard]] std::vector<Entry> entries_to_cut(const transnet::VideoClips& video, What what);

}  // namespace command
