// SPDX-License-Identifier: Apache-2.0
#include "help/parsed_command.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace command {
namespace {

/// "auto|cpu|cuda[:N]": auto, cpu, cuda.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find('|'));
    words.emplace_back(word.substr(0, word.find('[')));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

/// options.cpp has a convention for the names of values: words to choose from are in lower case, all others are not.
ValueKind kind_of(const CLI::Option& option, const OptionDescription& facts) {
  if (option.get_items_expected_max() == 0) return ValueKind::none;
  const auto type = option.get_type_name();
  if (!type.empty() && std::islower(static_cast<unsigned char>(type.front())) != 0) return ValueKind::choice;
  if (facts.long_name.ends_with("-dir")) return ValueKind::folder;
  if (type.empty() || type == "FILE" || type == "PATH") return ValueKind::file;
  return type == "INT" || type == "UINT" || type == "FLOAT" ? ValueKind::number : ValueKind::text;
}

CommandDescription facts_below(const CLI::App& app, std::vector<std::string> names) {
  CommandDescription facts;
  facts.names = std::move(names);
  facts.help = app.get_description();
  facts.footer = app.get_footer();
  for (const auto* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->nonpositional() ? facts.options : facts.arguments).push_back(describe(*option));
  }
  for (const auto* subcommand : shown_subcommands(app)) {
    auto below = facts.names;
    below.push_back(subcommand->get_name());
    facts.commands.push_back(facts_below(*subcommand, std::move(below)));
  }
  return facts;
}

}  // namespace

OptionDescription describe(const CLI::Option& option) {
  OptionDescription facts;
  if (!option.get_lnames().empty()) facts.long_name = option.get_lnames().front();
  if (!option.get_snames().empty()) facts.short_name = option.get_snames().front();
  facts.kind = kind_of(option, facts);
  facts.value_name = option.nonpositional() ? option.get_type_name() : option.get_name(true);
  if (facts.kind == ValueKind::choice) facts.choices = words_of(option.get_type_name());
  facts.default_value = option.get_default_str();
  facts.help = option.get_description();
  facts.variable = option.get_envname();
  facts.is_required = option.get_required();
  facts.takes_many = option.get_items_expected_max() > 1;
  return facts;
}

CommandDescription describe(const CLI::App& app) { return facts_below(app, {app.get_name()}); }

std::vector<const CLI::App*> shown_subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* subcommand) { return !subcommand->get_group().empty(); });
}

}  // namespace command
