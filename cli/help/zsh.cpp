// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <string_view>

#include "help/completion.hpp"

namespace command {
namespace {

/// A text for single quotes, with backslashes before the letters that are `special` there.
std::string escaped(std::string_view text, std::string_view special = "\\[]:") {
  std::string result;
  for (const char letter : text) {
    if (letter == '\'') {
      result += "'\\''";
      continue;
    }
    if (special.find(letter) != std::string_view::npos) result += '\\';
    result += letter;
  }
  return result;
}

/// "_transnet_model_info"
std::string function_of(const CommandDescription& command) { return fmt::format("_{}", fmt::join(command.names, "_")); }

/// ":FILE:_files": the name of the value and its completion.
std::string action_of(const OptionDescription& option) {
  std::string action = " ";
  if (option.kind == ValueKind::choice) action = fmt::format("({})", fmt::join(option.choices, " "));
  if (option.kind == ValueKind::file) action = "_files";
  if (option.kind == ValueKind::folder) action = "_files -/";
  const auto& name = option.kind == ValueKind::choice ? option.long_name : option.value_name;
  return fmt::format(":{}:{}", escaped(name.empty() ? option.value_name : name), action);
}

/// One option in all its spellings.
std::string specification(const OptionDescription& option) {
  const bool has_value = option.kind != ValueKind::none;
  const auto rest = "[" + escaped(option.help) + "]" + (has_value ? action_of(option) : "");
  const auto long_form = "--" + option.long_name + (has_value ? "=" : "");
  const auto short_form = "-" + option.short_name + (has_value ? "+" : "");
  const std::string repeated = option.takes_many ? "*" : "";
  if (option.short_name.empty()) return fmt::format("'{}{}{}'", repeated, long_form, rest);
  if (option.long_name.empty()) return fmt::format("'{}{}{}'", repeated, short_form, rest);
  const auto exclusion = option.takes_many ? "'*'" : fmt::format("'(-{} --{})'", option.short_name, option.long_name);
  return fmt::format("{}{{{},{}}}'{}'", exclusion, short_form, long_form, rest);
}

void add_arguments(const CommandDescription& command, std::string& script) {
  for (const auto& option : command.options) script += " \\\n    " + specification(option);
  for (const auto& argument : command.arguments) {
    script += fmt::format(" \\\n    '{}{}'", argument.takes_many ? "*" : "", action_of(argument));
  }
}

/// The function that completes the words after a command's name; the functions of its subcommands come first.
void add_function(const CommandDescription& command, std::string& script) {
  for (const auto& below : command.commands) add_function(below, script);
  script += function_of(command) + "() {\n";
  if (command.commands.empty()) {
    script += "  _arguments -s -S";
    add_arguments(command, script);
    script += "\n}\n\n";
    return;
  }
  script += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n  local -a commands=(\n";
  for (const auto& below : command.commands) {
    script += fmt::format("    '{}:{}'\n", below.names.back(), escaped(below.help, ""));
  }
  script += "  )\n  _arguments -C -s -S";
  add_arguments(command, script);
  script += " \\\n    '1: :->command' \\\n    '*:: :->words'\n";
  script += "  case $state in\n    command) _describe -t commands command commands ;;\n    words)\n";
  script += "      curcontext=${curcontext%:*:*}:transnet-$line[1]:\n      case $line[1] in\n";
  for (const auto& below : command.commands) {
    script += fmt::format("        {}) {} ;;\n", below.names.back(), function_of(below));
  }
  script += "      esac ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandDescription& program) {
  std::string script = "#compdef transnet\n# Completion of transnet for zsh; made by \"transnet completion zsh\".\n\n";
  add_function(program, script);
  // zsh calls it by its name if it loads it from $fpath; a sourced script registers it.
  return script +
         "if [[ $funcstack[1] == _transnet ]]; then\n  _transnet \"$@\"\nelse\n  compdef _transnet transnet\nfi\n";
}

}  // namespace command
