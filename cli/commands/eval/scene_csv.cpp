// SPDX-License-Identifier: Apache-2.0
// PySceneDetect counts frames from 1 in these files, and its "End Frame" is the last frame of the scene: the scenes of
// a cut between the frames 49 and 50, counted from 0, have the rows 1..50 and 51... Our own files are numbered alike.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "commands/eval/label_formats.hpp"
#include "io/csv_rows.hpp"

namespace command {
namespace {

struct Columns {
  std::optional<std::size_t> start;
  std::optional<std::size_t> end;
  std::optional<std::size_t> video;
  std::optional<std::size_t> uuid;
  std::optional<std::size_t> probability;
};

Columns find_columns(const CsvRow& header) {
  return {column_of(header, "Start Frame"), column_of(header, "End Frame"), column_of(header, "Video"),
          column_of(header, "UUID"), column_of(header, "Probability")};
}

/// The scenes of one video.
struct Rows {
  LabelledVideo video;
  std::optional<std::int64_t> before;  // the last frame of the scene before
};

void add_row(const std::string& place, const CsvRow& cells, const Columns& columns, Rows& rows) {
  const auto start = frame_in(place, cell_of(cells, columns.start)) - 1;
  const auto last = frame_in(place, cell_of(cells, columns.end)) - 1;
  if (start < 0 || last < start) {
    throw Mistake(place, fmt::format("frames {} to {}, expected numbers from 1 on", start + 1, last + 1));
  }
  if (!cell_of(cells, columns.uuid).empty()) {
    throw Mistake(place,
                  "the row is a clip, whose ends are no transitions; write the file with --what scenes or "
                  "transitions");
  }
  if (!cell_of(cells, columns.probability).empty()) {  // only transitions have one
    const auto frames = rows.video.last_frame;
    rows.video.add(place, start, last + 1);
    rows.video.last_frame = std::max(frames, last);  // no shot has to follow
    rows.video.labels.transitions.back().is_at_edge = start == 0;
    return;
  }
  if (rows.before) {
    if (start < *rows.before) {
      throw Mistake(place, fmt::format("the scene starts at frame {}, inside the scene before it", start + 1));
    }
    rows.video.add(place, *rows.before, start);
  }
  rows.before = last;
  rows.video.last_frame = std::max(rows.video.last_frame, last);
  rows.video.last_place = place;
}

}  // namespace

std::vector<LabelledVideo> read_scene_csv(const std::string& text, const std::filesystem::path& file) {
  std::istringstream stream(text);
  std::size_t line = 0;
  const auto header = read_scene_header(stream, line);
  const auto columns = find_columns(header.names);
  std::vector<Rows> videos;
  std::map<std::string, std::size_t> numbers;  // of the videos
  for (std::size_t first = line + 1; auto cells = read_csv_row(stream, line, header.separator); first = line + 1) {
    if (std::ranges::all_of(*cells, &std::string::empty)) continue;
    fit_to_columns(*cells, header.names.size(), line_place(first));
    const auto name = without_apostrophe(cell_of(*cells, columns.video));
    const auto [known, is_new] = numbers.try_emplace(name, videos.size());
    if (is_new) {
      auto& video = videos.emplace_back().video;
      video.file = file;
      video.name = name.empty() ? file.filename().native() : name;
    }
    auto& rows = videos[known->second];
    if (rows.video.mistake) continue;
    try {
      add_row(line_place(first), *cells, columns, rows);
    } catch (const Mistake& mistake) {
      rows.video.mistake = mistake.what();
    }
  }
  if (videos.empty()) throw Mistake(line_place(line + 1), "the file has no row");
  std::vector<LabelledVideo> labelled;
  for (auto& rows : videos) labelled.push_back(std::move(rows.video));
  return labelled;
}

}  // namespace command
