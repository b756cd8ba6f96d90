// SPDX-License-Identifier: Apache-2.0
#include "options/configuration.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <utility>

#include "help/parsed_command.hpp"
#include "help/suggestion.hpp"
#include "io/open_input.hpp"
#include "options/decision_options.hpp"
#include "options/presets.hpp"
#include "options/toml_text.hpp"
#include "run/exit_status.hpp"
#include "transnet/version.hpp"

namespace command {
namespace {

constexpr const char* config_option = "--config";
constexpr const char* print_option = "--print-config";
constexpr std::string_view negation = "no-";

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

/// The name of an option in a file; empty if a file cannot set it.
std::string key_of(const CLI::Option& option) {
  const bool can_be_set = option.get_configurable() && option.nonpositional() && !option.get_lnames().empty();
  return can_be_set ? option.get_lnames().front() : "";
}

/// The flag that turns off the option of `key`; null if there is none.
CLI::Option* negation_of(CLI::App& command, const std::string& key) {
  return command.get_option_no_throw("--" + std::string(negation) + key);
}

/// The keys that a file can hold for `command`, without the keys of the subcommands below it.
std::vector<std::string> keys_of(CLI::App& command) {
  std::vector<std::string> keys;
  for (const auto* option : command.get_options()) {
    auto key = key_of(*option);
    const bool is_negation =
        key.starts_with(negation) && command.get_option_no_throw("--" + key.substr(negation.size())) != nullptr;
    if (!key.empty() && !is_negation) keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<CLI::App*> subcommands_of(CLI::App& command) {
  return command.get_subcommands([](CLI::App* below) { return !below->get_group().empty(); });
}

/// The keys that a file can hold for `command` and all commands below it.
std::vector<std::string> keys_below(CLI::App& command) {
  auto keys = keys_of(command);
  for (auto* below : subcommands_of(command)) {
    for (auto& key : keys_below(*below)) keys.push_back(std::move(key));
  }
  return keys;
}

/// The file for the subcommand: the one on its command line, otherwise the one in the environment.
std::string requested_file(const CLI::App& command) {
  const auto* option = command.get_option_no_throw(config_option);
  if (option == nullptr) return "";
  if (option->count() > 0) return named_input(option->results().back());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* variable = std::getenv("TRANSNET_CONFIG");
  return variable != nullptr ? variable : "";
}

bool prints_configuration(const CLI::App& command) {
  const auto* option = command.get_option_no_throw(print_option);
  return option != nullptr && option->count() > 0;
}

/// The nearest option of the subcommand that runs; otherwise of all.
std::string suggestion_for(const std::string& key, CLI::App& command, const std::vector<std::string>& known) {
  auto of_command = keys_of(command);
  std::erase_if(of_command, [&known](const std::string& name) { return !contains(known, name); });
  const auto nearest = did_you_mean(key, of_command);
  return nearest.empty() ? did_you_mean(key, known) : nearest;
}

/// --print-config does not run the command, so nothing is required.
void require_nothing(CLI::App& command) {
  for (auto* option : command.get_options()) option->required(false);
}

/// Why the values do not fit the option; empty: they fit.
std::string type_mismatch(const OptionDescription& option, const Setting& setting) {
  using enum SettingValue::Type;
  if (setting.is_list && !option.takes_many) return "takes one value, not a list";
  if (setting.values.empty()) return "is an empty list";
  for (const auto& value : setting.values) {
    if (option.kind == ValueKind::none && value.type != boolean) return "must be true or false";
    if (option.kind == ValueKind::number && value.type != number) return "takes a number";
    if (option.kind == ValueKind::text && value.type == boolean) return "takes a text";
    const bool is_name =
        option.kind == ValueKind::choice || option.kind == ValueKind::file || option.kind == ValueKind::folder;
    if (is_name && value.type != text) return "takes a text in quotes";
  }
  return "";
}

}  // namespace

CLI::App& chosen_command(CLI::App& app) {
  auto* chosen = &app;
  while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
  return *chosen;
}

void add_config_options(CLI::App& app) {
  for (auto* below : subcommands_of(app)) add_config_options(*below);
  if (!subcommands_of(app).empty() || keys_of(app).empty()) return;
  app.add_option_function<std::string>(
         config_option, [](const std::string&) {}, "TOML file with values of options (default: $TRANSNET_CONFIG)")
      ->type_name("FILE")
      ->configurable(false);
  app.add_flag_callback(
         print_option, [] {}, "Print the options with their values as a configuration file, and do nothing else")
      ->configurable(false);
}

void Configuration::parse(CLI::App& app, const std::vector<std::string>& words) {
  std::exception_ptr mistake;
  try {
    app.parse(std::vector(words));
  } catch (const CLI::Success&) {  // help or version, regardless of the file
    throw;
  } catch (const CLI::ParseError&) {  // the file may hold the missing option
    mistake = std::current_exception();
  } catch (const UsageError&) {
    mistake = std::current_exception();
  }
  auto& command = chosen_command(app);
  file_ = requested_file(command);
  const bool prints = prints_configuration(command);
  const auto* const preset = preset_option_of(command);
  const bool has_preset = preset != nullptr && preset->count() > 0;
  if (file_.empty() && !prints && !has_preset) {
    if (mistake) std::rethrow_exception(mistake);
    return;
  }
  if (!file_.empty()) collect(read_settings(file_), app, true);
  use_preset(command);
  apply(command);
  if (prints) require_nothing(command);
  app.parse(std::vector(words));
}

void Configuration::use_preset(CLI::App& command) {
  const auto* const option = preset_option_of(command);
  if (option == nullptr) return;
  const auto in_file = settings_.find(option);
  const bool is_given = option->count() > 0;
  if (!is_given && (in_file == settings_.end() || in_file->second.values.empty())) return;
  // A wrong name is refused like any other wrong value.
  const auto* const preset = preset_named(is_given ? option->results().back() : in_file->second.values.front().text);
  if (preset == nullptr) return;
  // A preset on the command line is nearer than the file, and the file's values are nearer than its preset. A nearer
  // profile counts more than the values that it sets.
  const bool has_profile = !is_given && settings_.contains(command.get_option_no_throw(profile_option));
  for (const auto& [key, type, text] : preset->values) {
    const auto name = "--" + std::string(key);
    const auto* const target = command.get_option_no_throw(name);
    if (target == nullptr || (!is_given && settings_.contains(target))) continue;
    if (has_profile && std::ranges::find(profile_option_names, name) != profile_option_names.end()) continue;
    settings_[target] = {std::string(key), 0, false, {{type, std::string(text)}}};
  }
}

void Configuration::apply(CLI::App& command) {
  // A profile on the command line is nearer than the values of its options in the file or of a preset.
  if (const auto* profile = command.get_option_no_throw(profile_option); profile != nullptr && profile->count() > 0) {
    for (const auto* name : profile_option_names) settings_.erase(command.get_option_no_throw(name));
  }
  for (auto* option : command.get_options()) {
    if (const auto found = settings_.find(option); found != settings_.end()) set(command, *option, found->second);
  }
}

/// A key applies to all subcommands with such an option in the table's part of the tree; nearer keys win.
void Configuration::collect(const SettingTable& table, CLI::App& app, bool is_chosen) {
  const auto known = keys_below(app);
  auto& command = chosen_command(app);
  for (const auto& setting : table.settings) {
    if (!contains(known, setting.key)) {
      const auto whose = table.name.empty() ? "" : " of '" + app.get_name() + "'";
      refuse_setting(file_, setting.line,
                     "'" + setting.key + "' is not an option" + whose + suggestion_for(setting.key, command, known));
    }
    if (!is_chosen || !contains(keys_of(command), setting.key)) continue;
    settings_[command.get_option_no_throw("--" + setting.key)] = setting;
  }
  const auto below = subcommands_of(app);
  for (const auto& subtable : table.tables) {
    const auto subcommand =
        std::ranges::find(below, subtable.name, [](const CLI::App* one) { return one->get_name(); });
    if (subcommand == below.end()) {
      std::vector<std::string> names;
      for (const auto* one : below) names.push_back(one->get_name());
      const auto what = contains(known, subtable.name) ? "' takes a value, not a table"
                                                       : "' is not a subcommand of '" + app.get_name() + "'";
      refuse_setting(file_, subtable.line, "'" + subtable.name + what + did_you_mean(subtable.name, names));
    }
    const auto chosen = app.get_subcommands();
    collect(subtable, **subcommand, is_chosen && !chosen.empty() && chosen.front() == *subcommand);
  }
}

void Configuration::set(CLI::App& command, CLI::Option& option, const Setting& setting) const {
  if (const auto mismatch = type_mismatch(describe(option), setting); !mismatch.empty()) {
    refuse_setting(file_, setting.line, "'" + setting.key + "' " + mismatch);
  }
  auto* target = &option;
  std::vector<std::string> values;
  for (const auto& value : setting.values) {
    values.push_back(value.text);
  }
  if (auto* off = negation_of(command, setting.key); off != nullptr && values == std::vector<std::string>{"false"}) {
    target = off;
    values = {"true"};
  }
  try {
    target->clear();
    target->add_result(values);
    target->run_callback();
  } catch (const CLI::ParseError& error) {
    refuse_setting(file_, setting.line, error.what());
  } catch (const UsageError& error) {
    refuse_setting(file_, setting.line, "--" + setting.key + ": " + error.what());
  }
  // The parser must treat the value as a default from now on, not as given.
  option.required(false);
}

bool Configuration::is_asked_for(CLI::App& app) const { return prints_configuration(chosen_command(app)); }

std::vector<std::string> Configuration::values_of(const CLI::App& command, const CLI::Option& option) const {
  if (option.count() > 0) return option.results();
  const auto key = key_of(option);
  const auto* off = command.get_option_no_throw("--" + std::string(negation) + key);
  if (off != nullptr && off->count() > 0) return {"false"};
  if (const auto found = settings_.find(&option); found != settings_.end()) {
    std::vector<std::string> values;
    for (const auto& value : found->second.values) values.push_back(value.text);
    return values;
  }
  // A flag is on by default if there is a flag to turn it off.
  if (option.get_items_expected_max() == 0) return {off != nullptr ? "true" : "false"};
  if (option.get_default_str().empty()) return {};
  return {option.get_default_str()};
}

std::string Configuration::text(CLI::App& app) const {
  auto& command = chosen_command(app);
  std::string name;
  for (auto* part = &command; part != &app; part = part->get_parent()) {
    name = name.empty() ? part->get_name() : fmt::format("{}.{}", part->get_name(), name);
  }
  auto text = fmt::format("# transnet {}\n[{}]\n", transnet::version(), name);
  const auto keys = keys_of(command);
  for (const auto& key : keys) {
    const auto& option = *command.get_option_no_throw("--" + key);
    text += toml_entry(key, describe(option), values_of(command, option));
  }
  return text;
}

}  // namespace command
