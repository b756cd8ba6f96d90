// SPDX-License-Identifier: Apache-2.0
#include "io/csv_rows.hpp"

#include <string_view>

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
  constexpr std::string_view formula = "=+-@\t\r\n";
  if (cell.size() > 1 && cell[0] == '\'' && formula.find(cell[1]) != std::string_view::npos) cell.erase(0, 1);
  return cell;
}

}  // namespace command
