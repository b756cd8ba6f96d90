// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The grammar of the command as plain data, the source of completion scripts and manual pages.
namespace command {

/// The kind of an option's value.
enum class ValueKind {
  none,    ///< the option is a flag
  number,  ///< a number
  text,    ///< any other text
  choice,  ///< one of a few words
  file,
  folder,
};

/// An option, or an argument (a word with a position instead of a name).
struct OptionDescription {
  std::string long_name;   ///< without dashes; empty for arguments
  std::string short_name;  ///< without the dash; empty: none
  std::string value_name;  ///< as in the help: "FILE", "stride|truncate"; for an argument, its name
  ValueKind kind = ValueKind::none;
  std::vector<std::string> choices;  ///< of `choice`
  std::string default_value;         ///< as in the help; empty: none
  std::string help;
  std::string variable;  ///< of the environment, which can give the value; empty: none
  bool is_required = false;
  bool takes_many = false;
};

struct CommandDescription {
  std::vector<std::string> names;  ///< from the program's name on: "transnet", "model", "info"
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
