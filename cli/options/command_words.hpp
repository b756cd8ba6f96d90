// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "options/command_line.hpp"

/// Prepares the words of a command line for CLI11.
///
/// After "--", CLI11 still reads words as options once a subcommand has its minimum number of files. So "--" is removed
/// here, and a following word that looks like an option gets a leading mark that no command line can contain.
namespace command {

/// The words after the program's name, last one first, in the order that CLI11 wants. CLI11 reads "[a,b]" as a list of
/// values, so such a file name gets "./" in front.
[[nodiscard]] std::vector<std::string> words_for_parser(const CLI::App& app, std::span<char* const> words);

/// Whether the word came after "--" and looks like an option.
[[nodiscard]] bool is_marked(const std::string& word);

/// The original word.
[[nodiscard]] std::string without_mark(const std::string& word);

}  // namespace command
