// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "help/suggestion.hpp"
#include "options/command_line.hpp"
#include "options/option_text.hpp"
#include "transnet/error.hpp"

/// The kinds of options: words, numbers and paths.
namespace command {

template <typename T>
using Choices = std::vector<std::pair<std::string, T>>;

/// Values with the words that `to_string` has for them.
template <typename T, typename Value>
[[nodiscard]] Choices<T> choices_of(std::initializer_list<Value> values) {
  Choices<T> choices;
  for (const auto value : values) choices.emplace_back(to_string(value), value);
  return choices;
}

[[nodiscard]] inline std::string alternatives(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "|"));
}

/// @throws CLI::ValidationError
[[noreturn]] inline void refuse_word(const std::string& option, const std::string& word,
                                     const std::vector<std::string>& words) {
  refuse(option, "'" + word + "' is not one of " + alternatives(words) + did_you_mean(word, words));
}

/// An option that takes one of a few words, and calls `use` with its value.
template <typename T, typename Use>
CLI::Option* add_choice(CLI::App& app, const std::string& name, const Use& use, const T& default_value,
                        const Choices<T>& choices, const std::string& help) {
  std::vector<std::string> words;
  std::string default_word;
  for (const auto& [word, choice] : choices) {
    words.push_back(word);
    if (choice == default_value) default_word = word;
  }
  const auto parse = [name, choices, words, use](const std::string& word) {
    const auto choice = std::ranges::find(choices, word, &std::pair<std::string, T>::first);
    if (choice == choices.end()) refuse_word(name, word, words);
    use(choice->second);
  };
  return app.add_option_function<std::string>(name, parse, help)
      ->type_name(alternatives(words))
      ->default_str(default_word);
}

/// An option that stores one of a few words in `value`.
template <typename T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& value, const Choices<T>& choices,
                        const std::string& help) {
  return add_choice<T>(
      app, name, [&value](const T& choice) { value = choice; }, value, choices, help);
}

/// Stricter than CLI11's own conversion, which takes "" for 0 and cuts a number that is too large.
template <typename T>
T parse_number(const std::string& option, const std::string& text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) {
    const auto* kind = std::is_integral_v<T> ? "whole number" : "number";
    refuse(option, fmt::format("'{}' is not a valid {}", text, kind));
  }
  return value;
}

/// Runs the library's own check of several options; its errors become bad usage, in the words of the command.
template <typename Check>
void check_usage(Check check) {
  try {
    check();
  } catch (const transnet::Error& error) {
    throw CLI::ValidationError(with_option_names(error.what()));
  }
}

/// The same for the value of `option`.
template <typename Check>
void check_usage(const std::string& option, Check check) {
  try {
    check();
  } catch (const transnet::Error& error) {
    const std::string reason = error.what();
    const auto field = field_of(option);
    if (reason.starts_with(field + " ")) throw CLI::ValidationError(option + reason.substr(field.size()));
    refuse(option, with_option_names(reason));
  }
}

/// An option for one number or text of an aggregate that the library checks.
template <typename Options, typename T>
CLI::Option* add_value(CLI::App& app, const std::string& name, Options& options, T Options::*field,
                       const std::string& help) {
  constexpr bool is_text = std::is_same_v<T, std::string>;
  const auto parse = [name, field, &options](const std::string& text) {
    Options probe;  // all other fields have defaults, so an error of validate() is about this value
    if constexpr (is_text) {
      probe.*field = text;
    } else {
      probe.*field = parse_number<T>(name, text);
    }
    check_usage(name, [&probe] { static_cast<void>(validate(probe)); });
    options.*field = probe.*field;
  };
  return app.add_option_function<std::string>(name, parse, help)
      ->type_name(is_text                 ? "TEXT"
                  : std::is_integral_v<T> ? "INT"
                                          : "FLOAT")
      ->default_str(fmt::format("{}", options.*field));
}

inline CLI::Option* add_path(CLI::App& app, const std::string& name, std::filesystem::path& path,
                             const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [&path](const std::string& text) { path = text; }, help)
      ->type_name("PATH");
}

}  // namespace command
