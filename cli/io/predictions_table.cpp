// SPDX-License-Identifier: Apache-2.0
#include "io/predictions_table.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/is_probability.hpp"
#include "io/csv_rows.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

constexpr std::string_view many_hot_column = ",many_hot";
constexpr std::size_t columns_of_two_heads = 4;

struct TableRow {
  std::int64_t frame = 0;
  double time_s = 0.0;
  float single = 0.0F;
  float many_hot = 0.0F;  ///< only in a table of two heads
};

/// A cell that is a number and nothing else.
template <typename Number>
bool parse_cell(const std::string& cell, Number& value) {
  const char* const end = cell.data() + cell.size();
  const auto parsed = std::from_chars(cell.data(), end, value);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

bool parse_probability(const std::string& cell, float& value) {
  return parse_cell(cell, value) && transnet::is_probability(value);
}

/// Empty for any other line.
std::optional<TableRow> parse_row(const CsvRow& cells, std::size_t columns) {
  TableRow row;
  if (cells.size() != columns || !parse_cell(cells[0], row.frame) || !parse_cell(cells[1], row.time_s) ||
      !std::isfinite(row.time_s) || !parse_probability(cells[2], row.single) ||
      (columns == columns_of_two_heads && !parse_probability(cells[3], row.many_hot))) {
    return std::nullopt;
  }
  return row;
}

[[noreturn]] void fail(const std::filesystem::path& file, std::size_t line, const std::string& mistake) {
  throw transnet::Error(transnet::ErrorCode::invalid_argument,
                        fmt::format("{}: line {}: {}", file.native(), line, mistake));
}

/// The number of columns.
std::size_t read_head(std::istream& stream, const std::filesystem::path& file) {
  std::string head;
  std::getline(stream, head);
  if (head.ends_with('\r')) head.pop_back();
  if (head == predictions_table_head) return columns_of_two_heads - 1;
  if (head == fmt::format("{}{}", predictions_table_head, many_hot_column)) return columns_of_two_heads;
  fail(file, 1,
       fmt::format("expected probabilities or the columns '{}', found '{:.80}'", predictions_table_head, head));
}

}  // namespace

std::string format_predictions_table(const transnet::VideoPredictions& predictions) {
  const bool has_many_hot = !predictions.many_hot.empty();
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{}{}\n", predictions_table_head, has_many_hot ? many_hot_column : "");
  const auto& part = predictions.analysed;
  const auto first = part ? static_cast<std::size_t>(part->start_frame) : 0;
  const auto end = part ? static_cast<std::size_t>(part->end_frame) : predictions.single.size();
  for (std::size_t frame = first; frame < end; ++frame) {
    const auto time_s = predictions.timeline.start_s(static_cast<std::int64_t>(frame));
    fmt::format_to(out, "{},{:.6f},{}", frame, time_s, predictions.single[frame]);
    if (has_many_hot) fmt::format_to(out, ",{}", predictions.many_hot[frame]);
    text.push_back('\n');
  }
  return fmt::to_string(text);
}

PredictionsOfFile read_predictions_table(std::istream& stream, const std::filesystem::path& file) {
  const std::size_t columns = read_head(stream, file);
  PredictionsOfFile found;
  std::size_t line_number = 1;
  for (std::string line; std::getline(stream, line);) {
    ++line_number;
    const auto row = parse_row(cells_of(line, ','), columns);
    if (!row) {
      fail(file, line_number,
           fmt::format("expected a frame, a time and {} from 0 to 1, found '{:.80}'",
                       columns == columns_of_two_heads ? "two probabilities" : "one probability", line));
    }
    const auto expected = std::ssize(found.starts_s);
    if (row->frame != expected) {
      fail(file, line_number,
           expected == 0 ? fmt::format("begins with frame {}: {}", row->frame, only_a_part)
                         : fmt::format("expected frame {}, found frame {}", expected, row->frame));
    }
    if (expected == 0 ? row->time_s != 0.0 : row->time_s < found.starts_s.back()) {
      fail(file, line_number,
           expected == 0 ? "the time of the first frame is not 0" : "the time is before that of the last line");
    }
    found.starts_s.push_back(row->time_s);
    found.single.push_back(row->single);
    if (columns == columns_of_two_heads) found.many_hot.push_back(row->many_hot);
  }
  return found;
}

}  // namespace command
