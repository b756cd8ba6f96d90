// SPDX-License-Identifier: Apache-2.0
#include "options/command_words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <ranges>

namespace command {
namespace {

constexpr char dash_mark = '\0';

/// Null if the word names no subcommand.
const CLI::App* subcommand_of(const CLI::App& command, const std::string& word) {
  const auto found = command.get_subcommands([&word](const CLI::App* below) { return below->get_name() == word; });
  return found.empty() ? nullptr : found.front();
}

/// Whether its positional arguments are files, which have no type (input_options.cpp).
bool takes_files(const CLI::App& command) {
  return std::ranges::any_of(command.get_options(), [](const CLI::Option* option) {
    return option->get_positional() && option->get_type_name().empty();
  });
}

/// How many words after `word` are values of the option that it names, whatever they look like.
std::size_t value_count_behind(const CLI::App& command, const std::string& word) {
  const auto values_of = [&command](const std::string& name) {
    const auto* option = command.get_option_no_throw(name);
    return option == nullptr ? 0 : static_cast<std::size_t>(std::max(0, option->get_items_expected_min()));
  };
  if (word.starts_with("--")) return values_of(word);  // "--name=value" is no name
  if (!word.starts_with('-')) return 0;
  // "-abVALUE": flags, then one option with its value, which may be the next word.
  for (std::size_t i = 1; i < word.size(); ++i) {
    const auto count = values_of({'-', word[i]});
    if (count > 0) return i + 1 == word.size() ? count : count - 1;
  }
  return 0;
}

}  // namespace

std::vector<std::string> words_for_parser(const CLI::App& app, std::span<char* const> words) {
  std::vector<std::string> ready;
  const auto* command = &app;
  std::size_t value_count = 0;  // number of next words that are values of an option
  bool are_files = false;
  for (std::string word : words | std::views::drop(1)) {
    bool is_value = false;
    if (are_files) {
      if ((word.starts_with('-') && word != "-") || word == "++") word.insert(word.begin(), dash_mark);
    } else if (value_count > 0) {
      --value_count;
      is_value = true;
    } else if (word == "--" && takes_files(*command)) {
      are_files = true;
      continue;
    } else if (const auto* below = subcommand_of(*command, word)) {
      command = below;
    } else {
      value_count = value_count_behind(*command, word);
    }
    const bool is_list = !is_value && word.starts_with('[') && word.ends_with(']');
    ready.push_back(is_list ? "./" + word : word);
  }
  std::ranges::reverse(ready);
  return ready;
}

bool is_marked(const std::string& word) { return word.starts_with(dash_mark); }

std::string without_mark(const std::string& word) { return is_marked(word) ? word.substr(1) : word; }

}  // namespace command
