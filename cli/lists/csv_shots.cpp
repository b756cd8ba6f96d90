// SPDX-License-Identifier: Apache-2.0
// Frames count from 1, and "End Frame" is the last frame of the shot, as PySceneDetect has it. The columns of times are
// not read: after an edit they may contradict the frames.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
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

}  // namespace

std::vector<ShotList> read_csv_shots(const std::string& text) {
  std::istringstream stream(text);
  std::size_t line = 0;
  const auto header = read_scene_header(stream, line);
  const auto columns = shot_columns(header.names);
  std::vector<std::pair<std::string, std::vector<ListedShot>>> videos;
  std::map<std::string, std::size_t> numbers;  // of the videos
  for (std::size_t first = line + 1; auto row = read_csv_row(stream, line, header.separator); first = line + 1) {
    if (is_empty_row(*row)) continue;
    fit_to_columns(*row, header.names.size(), line_place(first));
    const auto name = without_apostrophe(cell_of(*row, columns.video));
    const auto [known, is_new] = numbers.try_emplace(name, videos.size());
    if (is_new) videos.push_back({name, {}});
    videos[known->second].second.push_back(row_shot(line_place(first), *row, columns));
  }
  if (videos.empty()) throw Mistake(line_place(line + 1), "the list has no shot");
  std::vector<ShotList> lists;
  for (auto& [name, shots] : videos) {
    auto& list = lists.emplace_back();
    list.video = name;
    list.shots = [shots = std::move(shots)](const ListedVideo& /*video*/) { return shots; };
  }
  return lists;
}

}  // namespace command
