// SPDX-License-Identifier: Apache-2.0
#include "io/csv_rows.hpp"

#include <algorithm>
#include <string_view>

#include "formats/text.hpp"

namespace command {

std::string without_byte_order_mark(std::string text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.erase(0, mark.size());
  return text;
}

std::optional<std::vector<std::string>> read_csv_row(std::istream& stream, std::size_t& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  if (stream.peek() == std::istream::traits_type::eof()) return std::nullopt;
  for (char c = 0; stream.get(c);) {
    if (c == '\n') ++line;
    if (is_quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (stream.peek() == '"') {
        cells.back() += static_cast<char>(stream.get());
      } else {
        is_quoted = false;
      }
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::string without_apostrophe(std::string cell) {
  if (cell.starts_with('\'') && is_formula(cell)) cell.erase(0, 1);
  return cell;
}

std::optional<std::size_t> column_of(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

std::optional<std::vector<std::string>> read_csv_header(std::istream& stream, std::size_t& line,
                                                        std::initializer_list<std::string_view> columns) {
  for (int row = 0; row < 2; ++row) {
    auto header = read_csv_row(stream, line);
    if (!header) break;
    if (std::ranges::all_of(columns, [&](std::string_view name) { return column_of(*header, name).has_value(); })) {
      return header;
    }
  }
  return std::nullopt;
}

std::string cell_of(const std::vector<std::string>& row, const std::optional<std::size_t>& column) {
  return column && *column < row.size() ? row[*column] : "";
}

}  // namespace command
