// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace command {

/// For a terminal: control characters as escapes, so that a file's name can neither break a line nor move the cursor.
[[nodiscard]] std::string printable(std::string_view text);

/// For one line of any text file, and for XML: valid UTF-8 without control characters and without what some readers
/// take for the end of a line.
[[nodiscard]] std::string plain_text(std::string_view text);

/// ASCII letters alone, as in endings of names and in languages.
[[nodiscard]] std::string lower_case(std::string text);

/// A cell of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace command
