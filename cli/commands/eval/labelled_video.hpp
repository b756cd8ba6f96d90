// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "formats/json_text.hpp"
#include "io/mistake.hpp"
#include "transnet/evaluation.hpp"

/// The transitions of a video as a file lists them: an annotation, or the result of a program.
namespace command {

struct LabelledVideo {
  std::filesystem::path file;
  std::string name;  ///< as the file states it, otherwise the file's own name
  transnet::GroundTruth labels;
  std::optional<std::int64_t> frame_count;
  std::optional<double> framerate;
  bool may_lack_first_frame = false;  ///< as in ClipShots: the frame numbers can be one too low
  std::string last_place;             ///< of the highest frame number
  std::int64_t last_frame = -1;
  /// The video cannot be used: see `Mistake`. Other videos of the file can.
  std::optional<std::string> mistake;

  /// Adds the transition from `before`, the last frame of a shot, to `after`, the first frame of the next one.
  /// Without a word, the length decides about the kind. @throws Mistake unless it follows the transitions so far.
  void add(const std::string& place, std::int64_t before, std::int64_t after, const std::string& word = "");
  /// @throws Mistake if the range ends before it begins or shares frames with transitions or other ranges.
  void add_uncertain(const std::string& place, std::int64_t first, std::int64_t last);
  /// Frame numbers must be below the frame count. @throws Mistake.
  void check_length(std::int64_t count, const std::string& whose) const;

 private:
  void add_frame(const std::string& place, std::int64_t frame);
};

/// @throws Mistake if it is no pair of frame numbers.
[[nodiscard]] std::pair<std::int64_t, std::int64_t> pair_of(const std::string& place, const Json& json);

/// The same for the names of a video and of the files about it: without folder, endings such as ".mp4", ".truth.json",
/// ".predictions.txt" and "-Scenes.csv", and the "_gt" of RAI's files.
[[nodiscard]] std::string video_key(const std::filesystem::path& name);

}  // namespace command
