// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/edit_rate.hpp"
#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

/// Lists of shots that people and programs have edited.
namespace command {

/// A shot of a list, in frames [start_frame, end_frame) of the video.
struct ListedShot {
  std::string place;  ///< in the list, for messages: "line 7"
  std::int64_t start_frame = 0;
  std::int64_t end_frame = 0;
};

/// A video whose frames and times are known, without probabilities.
struct ListedVideo {
  const transnet::VideoPredictions& frames;
  std::optional<Timecode> start_timecode;  ///< of the first frame, in place of the source's
};

/// The shots of one video.
struct ShotList {
  std::string video;  ///< empty: the list does not say
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;  ///< of a partial result
  /// The shots in the order of the list. Lists of editing programs count frames of a timeline, so the video decides
  /// about the frames. @throws Mistake.
  std::function<std::vector<ListedShot>(const ListedVideo& video)> shots;
};

/// A file of such lists.
struct ShotListFile {
  std::vector<ShotList> lists;
  std::string sha256;  ///< of the file's bytes
};

/// The readers of formats, by name of the format.
[[nodiscard]] std::vector<ShotList> read_csv_shots(const std::string& text);
[[nodiscard]] std::vector<ShotList> read_edl_shots(const std::string& text);
[[nodiscard]] std::vector<ShotList> read_otio_shots(const std::string& text);

/// The formats that can be read, for messages.
inline constexpr const char* shot_list_endings = ".csv, .json, .jsonl, .edl or .otio";

/// How a list tells the frames of shots.
enum class ShotListKind {
  table,     ///< csv: frames of the video
  result,    ///< json, jsonl: the same, of clips or of shots
  timeline,  ///< edl, otio: frames or timecode of an editing program
};

/// By the ending of the file. @throws UsageError if it names no format that can be read.
[[nodiscard]] ShotListKind kind_of_shot_list(const std::filesystem::path& file);

/// `what`: the part of a json or jsonl result.
/// @throws UsageError as `kind_of_shot_list`; transnet::Error: not_found, permission_denied, io; invalid_argument that
/// names the mistake and its line.
[[nodiscard]] ShotListFile read_shot_lists(const std::filesystem::path& file, SpanKind what);

struct ShotsInVideo {
  std::vector<transnet::TimeSpan> spans;
  std::size_t behind_end = 0;  ///< the shots of a damaged video that lie behind its last good frame, and are left out
};

/// The shots of a list in a video that has been read, in order and without common frames. Only in a damaged video, they
/// may end behind its last frame. @throws Mistake.
[[nodiscard]] ShotsInVideo shots_in(const ShotList& list, const ListedVideo& video);

}  // namespace command
