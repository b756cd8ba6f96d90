// SPDX-License-Identifier: Apache-2.0
#include "io/csv_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "base/counted.hpp"
#include "formats/text.hpp"
#include "io/mistake.hpp"

namespace command {
namespace {

constexpr std::string_view separators = ",;\t";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Where a character of a record leaves its reader. A quote opens a cell only at its start: `5" disk` is a text.
enum class Place { start_of_cell, plain, quoted, quote_in_quoted };

Place place_after(Place place, char c, std::string_view cell_ends) {
  if (place == Place::quoted) return c == '"' ? Place::quote_in_quoted : Place::quoted;
  if (c == '"' && place == Place::start_of_cell) return Place::quoted;
  if (c == '"' && place == Place::quote_in_quoted) return Place::quoted;  // twice: a quote in the cell
  return cell_ends.find(c) != std::string_view::npos ? Place::start_of_cell : Place::plain;
}

/// The text of a row, whose cells end at one of `cell_ends`.
std::optional<std::string> read_record(std::istream& stream, std::size_t& line, std::string_view cell_ends) {
  if (stream.peek() == std::istream::traits_type::eof()) return std::nullopt;
  const bool is_first = line == 0;
  std::string record;
  auto place = Place::start_of_cell;
  std::size_t quote_line = 0;
  for (char c = 0; stream.get(c);) {
    if (c == '\n') ++line;
    if (c == '\n' && place != Place::quoted) break;
    const auto next = place_after(place, c, cell_ends);
    if (next == Place::quoted && place == Place::start_of_cell) quote_line = line + 1;
    place = next;
    record += c;
    if (is_first && record == byte_order_mark) {
      record.clear();
      place = Place::start_of_cell;
    }
  }
  if (place == Place::quoted) throw Mistake(line_place(quote_line), "a quote is not closed");
  return record;
}

}  // namespace

std::string without_byte_order_mark(std::string text) {
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  return text;
}

std::optional<std::string> read_csv_record(std::istream& stream, std::size_t& line) {
  return read_record(stream, line, separators);
}

CsvRow cells_of(std::string_view record, char separator) {
  CsvRow cells(1);
  auto place = Place::start_of_cell;
  for (const char c : record) {
    const auto before = std::exchange(place, place_after(place, c, {&separator, 1}));
    const bool is_syntax =
        place == Place::quote_in_quoted || (place == Place::quoted && before == Place::start_of_cell);
    if (place == Place::start_of_cell) {
      cells.emplace_back();
    } else if (!is_syntax && (c != '\r' || place == Place::quoted)) {
      cells.back() += c;
    }
  }
  return cells;
}

std::optional<CsvRow> read_csv_row(std::istream& stream, std::size_t& line, char separator) {
  const auto record = read_record(stream, line, {&separator, 1});
  if (!record) return std::nullopt;
  return cells_of(*record, separator);
}

char likely_separator_of(std::string_view record) {
  const auto cells = [record](char separator) { return cells_of(record, separator).size(); };
  return *std::ranges::max_element(separators, {}, cells);
}

std::optional<char> separator_of(std::string_view record, const std::function<bool(const CsvRow&)>& is_header) {
  const auto* const found =
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
  auto found = std::ranges::find(header, name);
  if (found == header.end()) {
    const auto plain = [](const std::string& cell) { return lower_case(std::string(trimmed(cell))); };
    found = std::ranges::find(header, lower_case(std::string(name)), plain);
  }
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
  throw Mistake(line_place(1), R"(there are no columns "Start Frame" and "End Frame")");
}

std::string cell_of(const CsvRow& row, const std::optional<std::size_t>& column) {
  return column && *column < row.size() ? row[*column] : "";
}

}  // namespace command
