// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reads what `csv_cell` writes, and the files of other programs.
namespace command {

/// Windows programs begin a UTF-8 text with this mark.
[[nodiscard]] std::string without_byte_order_mark(std::string text);

using CsvRow = std::vector<std::string>;

/// The text of a row of RFC 4180, which can span several lines; empty at the end of the file. Adds the lines to `line`.
/// As other readers do, it takes a quote within a cell for a character of the text.
/// @throws Mistake about a quote that opens a cell and is not closed.
[[nodiscard]] std::optional<std::string> read_csv_record(std::istream& stream, std::size_t& line);
/// The cells of such a text.
[[nodiscard]] CsvRow cells_of(std::string_view record, char separator);
/// Both.
[[nodiscard]] std::optional<CsvRow> read_csv_row(std::istream& stream, std::size_t& line, char separator = ',');

/// The separator with which the text is a header: a comma, a semicolon (of spreadsheets in countries with a decimal
/// comma) or a tab. Empty if the text is no header.
[[nodiscard]] std::optional<char> separator_of(std::string_view record,
                                               const std::function<bool(const CsvRow&)>& is_header);

/// The one of these separators that gives the most cells: the likely one of a text that is no header.
[[nodiscard]] char likely_separator_of(std::string_view record);

/// Gives the row as many cells as there are columns. @throws Mistake if it has more: an unquoted separator in a cell,
/// such as a decimal comma, moves the cells behind it to wrong columns.
void fit_to_columns(CsvRow& row, std::size_t columns, const std::string& place);

/// Removes the apostrophe that `csv_cell` puts before a text that looks like a formula.
[[nodiscard]] std::string without_apostrophe(std::string cell);

/// The number of the column of that name; people write it in other cases, or with spaces around it.
[[nodiscard]] std::optional<std::size_t> column_of(const CsvRow& header, std::string_view name);

struct CsvHeader {
  CsvRow names;
  char separator = ',';
};

/// Reads up to the header of a list of scenes, in the first row or the second: PySceneDetect writes a line of time
/// codes before it, and a line "sep=;" tells Excel the separator.
/// @throws Mistake if neither has the columns "Start Frame" and "End Frame".
[[nodiscard]] CsvHeader read_scene_header(std::istream& stream, std::size_t& line);

/// Empty if the row has no such column.
[[nodiscard]] std::string cell_of(const CsvRow& row, const std::optional<std::size_t>& column);

}  // namespace command
