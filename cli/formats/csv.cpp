// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "formats/clock.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"

namespace command {
namespace {

/// The columns of PySceneDetect's `list-scenes`, numbered in its way: frames count from 1, and the end frame is the
/// last one. Further ones follow.
const std::vector<std::string>& own_columns() {
  static const std::vector<std::string> names = {
      "Scene Number",       "Start Frame",     "Start Timecode",    "Start Time (seconds)", "End Frame", "End Timecode",
      "End Time (seconds)", "Length (frames)", "Length (timecode)", "Length (seconds)",     "Video",     "UUID",
      "Probability"};
  return names;
}

/// Those of the lists of inputs come last.
class CsvWriter : public ClipWriter {
 public:
  explicit CsvWriter(const ResultSet& results) : what_(results.what), columns_(results.columns.size()) {
    for (const auto& name : own_columns()) header_ += (header_.empty() ? "" : ",") + csv_cell(name);
    for (const auto& name : distinct_columns(results.columns, own_columns())) header_ += "," + csv_cell(name);
    header_ += '\n';
    for (std::size_t i = 0; i < columns_; ++i) numbers_.try_emplace(results.columns[i], i);
  }

  std::string add(const transnet::VideoClips& video, const ResultFacts& facts) override {
    std::string rows = std::exchange(header_, "");
    const auto name = csv_cell(video.video);
    const auto columns = cells_of(facts.columns);
    std::size_t number = 0;
    for (const auto& entry : entries_of(video, what_)) {
      // The reference's rule gives a last scene of one frame a clip without a frame: it has no first and last one.
      if (entry.start_frame == entry.end_frame) continue;
      const double length_s = entry.end_s - entry.start_s;
      rows += fmt::format("{},{},{},{:.6f},{},{},{:.6f},{},{},{:.6f},{},{},{}{}\n", ++number, entry.start_frame + 1,
                          clock_ms(nearest_ms(entry.start_s)), entry.start_s, entry.end_frame,
                          clock_ms(nearest_ms(entry.end_s)), entry.end_s, entry.end_frame - entry.start_frame,
                          clock_ms(nearest_ms(length_s)), length_s, name, entry.uuid,
                          entry.probability ? fmt::format("{}", *entry.probability) : "", columns);
    }
    return rows;
  }

 private:
  /// ",a,b": for each of the columns a cell.
  [[nodiscard]] std::string cells_of(const ListColumns& columns) const {
    std::vector<std::string> cells(columns_);
    const auto named = columns.to_json();
    for (const auto& [name, cell] : named.items()) cells[numbers_.at(name)] = csv_cell(cell_text(cell));
    std::string text;
    for (const auto& cell : cells) text += "," + cell;
    return text;
  }

  SpanKind what_;
  std::size_t columns_;
  std::unordered_map<std::string, std::size_t> numbers_;  // of the columns
  std::string header_;                                    // until it is written
};

}  // namespace

std::unique_ptr<ClipWriter> make_csv_writer(const ResultSet& results) { return std::make_unique<CsvWriter>(results); }

}  // namespace command
