// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/option_table.hpp"
#include "formats/option_values.hpp"
#include "options/option_kinds.hpp"
#include "transnet/shot_model.hpp"

/// Makes options of the command from the rows of the library's option tables.
namespace command {

/// Whether a field can be an option.
template <typename Value>
inline constexpr bool is_option_value =
    std::is_arithmetic_v<Value> || std::is_enum_v<Value> || std::is_same_v<Value, std::string> ||
    std::is_same_v<Value, std::filesystem::path> || std::is_same_v<Value, transnet::Device> ||
    std::is_same_v<Value, std::optional<int>>;

/// Declares the option of a row: a flag, a number, a text, a path or a choice of words. `options` must outlive the
/// parsing.
template <typename Options, typename Value>
CLI::Option* add_option(CLI::App& app, Options& options, const transnet::OptionRow<Options, Value>& row) {
  const std::string name = "--" + word_of(row.name);
  const std::string help(row.help);
  Value& value = options.*row.field;
  if (row.command_default != nullptr) value = *row.command_default;
  if constexpr (std::is_same_v<Value, bool>) {
    return app.add_flag(name, value, help);
  } else if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>) {
    return add_value(app, name, options, row.field, help);
  } else if constexpr (std::is_enum_v<Value>) {
    Choices<Value> choices;
    for (const auto& word : row.words) choices.emplace_back(word.text, word.value);
    return add_choice<Value>(app, name, value, choices, help);
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    return add_path(app, name, value, help);
  } else if constexpr (std::is_same_v<Value, transnet::Device>) {
    const auto parse = [name, &value](const std::string& text) {
      check_usage(name, [&] { value = transnet::Device::parse(text); });
    };
    return app.add_option_function<std::string>(name, parse, help)
        ->type_name("auto|cpu|cuda[:N]")
        ->default_str(value.to_string());
  } else {
    static_assert(std::is_same_v<Value, std::optional<int>>, "an index");
    const auto parse = [name, &value](const std::string& text) {
      value = parse_number<int>(name, text);
      if (*value < 0) refuse(name, "it must not be negative");
    };
    return app.add_option_function<std::string>(name, parse, help)->type_name("INT");
  }
}

/// Declares the options of a table for which `wants(name)` holds, in the table's order, except fields without a help
/// text, which are not options by themselves.
template <typename Options>
void add_options(CLI::App& app, Options& options, const std::function<bool(std::string_view name)>& wants) {
  const auto add = [&]<typename Value>(const transnet::OptionRow<Options, Value>& row) {
    if constexpr (is_option_value<Value>) {
      if (!row.help.empty() && wants(row.name)) add_option(app, options, row);
    }
  };
  std::apply([&](const auto&... row) { (add(row), ...); }, transnet::OptionTable<Options>::rows);
}

/// Declares one option of a table.
template <typename Options>
void add_option(CLI::App& app, Options& options, std::string_view name) {
  add_options(app, options, [name](std::string_view one) { return one == name; });
}

/// The help text of one option of a table.
template <typename Options>
[[nodiscard]] std::string help_of(std::string_view name) {
  std::string help;
  std::apply([&](const auto&... row) { ((row.name == name ? void(help = row.help) : void()), ...); },
             transnet::OptionTable<Options>::rows);
  return help;
}

}  // namespace command
