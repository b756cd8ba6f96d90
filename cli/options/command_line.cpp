// SPDX-License-Identifier: Apache-2.0
#include "options/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

namespace command {

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help);
}

CLI::App& add_subcommand_group(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help)->require_subcommand(1);
}

void hide(CLI::App& subcommand) { subcommand.group(""); }

void when_chosen(CLI::App& subcommand, std::function<void()>& settle, std::function<void()> action) {
  subcommand.final_callback([&settle, action = std::move(action)] { settle = action; });
}

OptionNames names_of_added(CLI::App& app, const std::function<void()>& add) {
  const auto before = app.get_options().size();
  add();
  OptionNames names;
  const auto options = app.get_options();
  for (auto i = before; i < options.size(); ++i) names.push_back("--" + options[i]->get_lnames().front());
  return names;
}

bool is_given(const CLI::App& app, const std::string& option) {
  return std::ranges::find(app.parse_order(), app.get_option(option)) != app.parse_order().end();
}

void refuse(const std::string& option, const std::string& reason) { throw CLI::ValidationError(option, reason); }

void refuse_given(const CLI::App& app, const OptionNames& options, const std::string& reason) {
  for (const auto& option : options) {
    if (is_given(app, option)) refuse(option, reason);
  }
}

}  // namespace command
