// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "options/command_line.hpp"

/// The words of a command line, made ready for CLI11.
///
/// Behind "--", CLI11 takes words for options as soon as a subcommand has as many files as it needs at least. So "--"
/// is taken out here, and a word behind it that looks like an option gets a mark in front that no word of a command
/// line can hold.
namespace command {

/// The words after the program's name, last one first, as CLI11 takes them. It reads "[a,b]" as a list of values: in
/// front of a file of such a name goes "./".
[[nodiscard]] std::vector<std::string> words_for_parser(const CLI::App& app, std::span<char* const> words);

/// Whether the word stood behind "--" and looks like an option.
[[nodiscard]] bool is_marked(const std::string& word);

/// The word as it was given.
[[nodiscard]] std::string without_mark(const std::string& word);

}  // namespace command
