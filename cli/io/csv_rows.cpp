// SPDX-License-Identifier: Apache-2.0
#include "io/csv_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "base/counted.hpp"
#include "formats/text.hpp"
#include "io/mistake.hpp"

namespace command {
namespace {

constexpr std::string_view separators = ",;\t";

}  // namespace

std::string without_byte_order_mark(std::string text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.erase(0, mark.size());
  return text;
}

std::optional<std::string> read_csv_record(std::istream& stream, std::size_t& line) {
  if (stream.peek() == std::istream::traits_type::eof()) return std::nullopt;
  std::string record;
  bool is_quoted = false;
  for (char c = 0; stream.get(c);) {
    if (c == '\n') ++line;
    if (c == '"') is_quoted = !is_quoted;  // twice at a quote in a quoted cell
    if (c == '\n' && !is_quoted) break;
    record += c;
  }
  return record;
}

CsvRow cells_of(std::string_view record, char separator) {
  CsvRow cells(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (is_quoted && c == '"' && i + 1 < record.size() && record[i + 1] == '"') {
      cells.back() += record[++i];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (is_quoted) {
      cells.back() += c;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::optional<CsvRow> read_csv_row(std::istream& stream, std::size_t& line, char separator) {
  const auto record = read_csv_record(stream, line);
  if (!record) return std::nullopt;
  return cells_of(*record, separator);
}

char likely_separator_of(std::string_view record) {
  const auto cells = [record](char separator) { return cells_of(record, separator).size(); };
  return *std::ranges::max_element(separators, {}, cells);
}

std::optional<char> separator_of(std::string_view record, const std::function<bool(const CsvRow&)>& is_header) {
  const auto found =
      std::ranges::find_if(separators, [&](char separator) { return is_header(cells_of(record, separator)); });
  if (found == separators.end()) return std::nullopt;
  return *found;
}

void fit_to_columns(CsvRow& row, std::size_t columns, const std::string& place) {
  if (row.size() > columns) {
    throw Mistake(place, fmt::format("the row has {} for {}", transnet::base::counted(row.size(), "cell"),
                                     transnet::base::counted(columns, "column")));
  }
  row.resize(columns);
}

std::string without_apostrophe(std::string cell) {
  if (cell.starts_with('\'') && is_formula(cell)) cell.erase(0, 1);
  return cell;
}

std::optional<std::size_t> column_of(const CsvRow& header, std::string_view name) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

CsvHeader read_scene_header(std::istream& stream, std::size_t& line) {
  const auto is_header = [](const CsvRow& row) { return column_of(row, "Start Frame") && column_of(row, "End Frame"); };
  for (int row = 0; row < 2; ++row) {
    const auto record = read_csv_record(stream, line);
    if (!record) break;
    if (const auto separator = separator_of(*record, is_header)) return {cells_of(*record, *separator), *separator};
  }
  throw Mistake(line_place(1), "there are no columns \"Start Frame\" and \"End Frame\"");
}

std::string cell_of(const CsvRow& row, const std::optional<std::size_t>& column) {
  return column && *column < row.size() ? row[*column] : "";
}

}  // namespace command
