// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <vector>

/// Reads what `csv_cell` writes, and the files of other programs.
namespace command {

/// Windows programs begin a UTF-8 text with this mark.
[[nodiscard]] std::string without_byte_order_mark(std::string text);

/// The cells of a row of RFC 4180, which can span several lines; empty at the end of the file. Adds the lines to
/// `line`.
[[nodiscard]] std::optional<std::vector<std::string>> read_csv_row(std::istream& stream, std::size_t& line);

/// Removes the apostrophe that `csv_cell` puts before a name that looks like a formula.
[[nodiscard]] std::string without_apostrophe(std::string cell);

}  // namespace command
