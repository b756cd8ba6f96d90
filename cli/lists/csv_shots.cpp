// SPDX-License-Identifier: Apache-2.0
// Frames count from 1, and "End Frame" is the last frame of the shot, as PySceneDetect has it. The columns of times are
// not read: after an edit they may contradict the frames.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "io/csv_rows.hpp"
#include "io/mistake.hpp"
#include "lists/shot_list.hpp"

namespace command {
namespace {

struct ShotColumns {
  std::optional<std::size_t> start;
  std::optional<std::size_t> end;
  std::optional<std::size_t> video;
  std::optional<std::size_t> probability;
};

ShotColumns shot_columns(const CsvRow& header) {
  return {column_of(header, "Start Frame"), column_of(header, "End Frame"), column_of(header, "Video"),
          column_of(header, "Probability")};
}

bool is_empty_row(const CsvRow& row) { return std::ranges::all_of(row, &std::string::empty); }

ListedShot row_shot(const std::string& place, const CsvRow& row, const ShotColumns& columns) {
  if (!cell_of(row, columns.probability).empty()) {
    throw Mistake(place, "the row is a transition; write the file with --what shots or clips");
  }
  const auto first = frame_in(place, cell_of(row, columns.start));
  const auto last = frame_in(place, cell_of(row, columns.end));
  if (first < 1 || last < first) {
    throw Mistake(place,
                  fmt::format("frames {} to {}: frames count from 1, and a shot ends after its start", first, last));
  }
  return {place, first - 1, last};
}

/// A shot and the name of its video, which may be empty.
struct NamedShot {
  std::string video;
  ListedShot shot;
};

/// The names of videos in the order of their first shots.
std::vector<std::string> names_in(const std::vector<NamedShot>& shots) {
  std::vector<std::string> names;
  std::set<std::string_view> known;
  for (const auto& [video, shot] : shots) {
    if (!video.empty() && known.insert(video).second) names.push_back(video);
  }
  return names;
}

/// A row without a video belongs to the only one. @throws Mistake if there are several.
void name_all(std::vector<NamedShot>& shots, const std::vector<std::string>& names) {
  if (names.empty()) return;
  for (auto& [video, shot] : shots) {
    if (!video.empty()) continue;
    if (names.size() > 1) {
      throw Mistake(shot.place, fmt::format("the row names no video, but the list has {}", names.size()));
    }
    video = names.front();
  }
}

std::vector<ShotList> lists_of(std::vector<NamedShot> shots, const std::vector<std::string>& names) {
  std::map<std::string, std::vector<ListedShot>> shots_of;
  for (auto& named : shots) shots_of[named.video].push_back(std::move(named.shot));
  std::vector<ShotList> lists;
  for (const auto& name : names) {
    auto& list = lists.emplace_back();
    list.video = name;
    list.shots = [of_video = std::move(shots_of[name])](const ListedVideo& /*video*/) { return of_video; };
  }
  return lists;
}

}  // namespace

std::vector<ShotList> read_csv_shots(const std::string& text) {
  std::istringstream stream(text);
  std::size_t line = 0;
  const auto header = read_scene_header(stream, line);
  const auto columns = shot_columns(header.names);
  std::vector<NamedShot> shots;
  for (std::size_t first = line + 1; auto row = read_csv_row(stream, line, header.separator); first = line + 1) {
    if (is_empty_row(*row)) continue;
    fit_to_columns(*row, header.names.size(), line_place(first));
    shots.push_back({without_apostrophe(cell_of(*row, columns.video)), row_shot(line_place(first), *row, columns)});
  }
  if (shots.empty()) throw Mistake(line_place(line + 1), "the list has no shot");
  auto names = names_in(shots);
  name_all(shots, names);
  if (names.empty()) names.emplace_back();
  return lists_of(std::move(shots), names);
}

}  // namespace command
