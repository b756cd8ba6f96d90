// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reads what `csv_cell` writes, and the files of other programs.
namespace command {

/// Windows programs begin a UTF-8 text with this mark.
[[nodiscard]] std::string without_byte_order_mark(std::string text);

/// The cells of a row of RFC 4180, which can span several lines; empty at the end of the file. Adds the lines to
/// `line`.
[[nodiscard]] std::optional<std::vector<std::string>> read_csv_row(std::istream& stream, std::size_t& line);

/// Removes the apostrophe that `csv_cell` puts before a text that looks like a formula.
[[nodiscard]] std::string without_apostrophe(std::string cell);

/// The number of the column of that name.
[[nodiscard]] std::optional<std::size_t> column_of(const std::vector<std::string>& header, std::string_view name);

/// Reads up to the row that has these columns, the first or the second: PySceneDetect writes a line of time codes
/// before the header. Empty if neither has them.
[[nodiscard]] std::optional<std::vector<std::string>> read_csv_header(std::istream& stream, std::size_t& line,
                                                                      std::initializer_list<std::string_view> columns);

/// Empty if the row has no such column.
[[nodiscard]] std::string cell_of(const std::vector<std::string>& row, const std::optional<std::size_t>& column);

}  // namespace command
