// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <regex>
#include <string>
#include <vector>

#include "support/transnet_command.hpp"

namespace transnet::test {

/// The output of `--help`, which is CLI11's own text. Cached: starting the command takes longer than reading it.
inline const std::string& help_of(const std::vector<std::string>& command) {
  static std::map<std::vector<std::string>, std::string> known;
  const auto [help, is_new] = known.try_emplace(command);
  if (is_new) {
    auto words = command;
    words.emplace_back("--help");
    help->second = run_transnet(words).out;
  }
  return help->second;
}

/// Every subcommand of the program that takes no further subcommand: {"clips"}, {"model", "info"}, ...
inline std::vector<std::vector<std::string>> all_commands(const std::vector<std::string>& command = {}) {
  std::vector<std::vector<std::string>> commands;
  bool is_list = false;
  for (const auto& line : lines_of(help_of(command))) {
    if (!line.starts_with(' ')) is_list = line == "Subcommands:" || line == "SUBCOMMANDS:";
    std::smatch name;
    if (!is_list || !std::regex_search(line, name, std::regex("^  ([a-z-]+)"))) continue;
    auto below = command;
    below.push_back(name[1]);
    for (auto& further : all_commands(below)) commands.push_back(std::move(further));
  }
  if (commands.empty()) commands.push_back(command);
  return commands;
}

/// "--threshold", "-o", "--output" and so on, all of one command.
inline std::vector<std::string> options_in_help(const std::vector<std::string>& command) {
  std::vector<std::string> options;
  const std::regex names("^ {2,10}(-[a-zA-Z](?=[, ]))?(?:, *)?(--[a-z0-9-]+)?");
  for (const auto& line : lines_of(help_of(command))) {
    std::smatch found;
    if (!std::regex_search(line, found, names)) continue;
    for (const auto& name : {found[1].str(), found[2].str()}) {
      if (!name.empty()) options.push_back(name);
    }
  }
  return options;
}

}  // namespace transnet::test
