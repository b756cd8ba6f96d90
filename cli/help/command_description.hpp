// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// What the command understands, as plain data: completion scripts and manual pages are made of it.
namespace command {

/// What stands where an option wants a value.
enum class ValueKind {
  none,    ///< the option is a flag
  number,  ///< a number
  text,    ///< anything else, of a form of its own
  choice,  ///< one of a few words
  file,
  folder,
};

/// An option, or an argument: a word that has a place instead of a name.
struct OptionDescription {
  std::string long_name;   ///< without dashes; empty: it has none, as arguments
  std::string short_name;  ///< without the dash; empty: it has none
  std::string value_name;  ///< as the help shows it: "FILE", "stride|truncate"; of an argument, its name
  ValueKind kind = ValueKind::none;
  std::vector<std::string> choices;  ///< of `choice`
  std::string default_value;         ///< as the help shows it; empty: there is none
  std::string help;
  bool is_required = false;
  bool takes_many = false;
};

struct CommandDescription {
  std::vector<std::string> names;  ///< from the program's on: "transnet", "model", "info"
  std::string help;
  std::string footer;
  std::vector<OptionDescription> options;
  std::vector<OptionDescription> arguments;
  std::vector<CommandDescription> commands;

  /// "transnet model info"
  [[nodiscard]] std::string words() const {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
  }
};

}  // namespace command
