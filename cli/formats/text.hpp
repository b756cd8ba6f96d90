// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/lower_case_ending.hpp"

namespace command {

/// For a terminal: control characters become escapes, so that a file name cannot break a line or move the cursor.
[[nodiscard]] std::string printable(std::string_view text);

/// For one line of a text file, and for XML: valid UTF-8 without control characters and without the characters that
/// some readers take for line ends.
[[nodiscard]] std::string plain_text(std::string_view text);

/// Changes only ASCII letters, enough for file name endings and languages.
[[nodiscard]] std::string lower_case(std::string text);

using transnet::base::lower_case_ending;

/// Without spaces, tabs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The first bytes, at most `count`, of a text in UTF-8, without a part of a character.
[[nodiscard]] std::string first_bytes(const std::string& text, std::size_t count);

/// Whether a spreadsheet would read the cell as a formula, if it had no apostrophes in front.
[[nodiscard]] bool is_formula(std::string_view cell);

/// A cell of a CSV file (RFC 4180). One more apostrophe marks a text that `is_formula`.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace command
