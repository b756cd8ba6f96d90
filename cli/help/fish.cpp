// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <string_view>

#include "help/completion.hpp"

namespace command {
namespace {

constexpr const char* fish_head = R"(# Completion of transnet for fish; made by "transnet completion fish".

# Whether the subcommands so far begin with, or with --exact are, these.
function __transnet_at
    set -l words (commandline -opc)
    set -e words[1]
    set words (string match -v -- '-*' $words)
    if test "$argv[1]" = --exact
        set -e argv[1]
        test "$words" = "$argv"
        return
    end
    set -l depth (count $argv)
    test (count $words) -ge $depth; and test "$words[1..$depth]" = "$argv"
end

# Only where a file is wanted.
complete -c transnet -f
)";

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + "'";
}

std::string fish_completion_of_value(const OptionDescription& option) {
  switch (option.kind) {
    case ValueKind::none: return "";
    case ValueKind::choice: return " -x -a " + in_quotes(fmt::format("{}", fmt::join(option.choices, " ")));
    case ValueKind::file: return " -r -F";
    case ValueKind::folder: return " -x -a '(__fish_complete_directories (commandline -ct))'";
    default: return " -x";
  }
}

void add_command(const CommandDescription& command, std::string& script) {
  const auto words = fmt::format("{}", fmt::join(command.names.begin() + 1, command.names.end(), " "));
  const std::string way = command.commands.empty() ? "" : " --exact";
  const auto begin = "complete -c transnet -n " + in_quotes("__transnet_at" + way + (words.empty() ? "" : " " + words));
  script += "\n";
  for (const auto& below : command.commands) {
    script += begin + " -a " + below.names.back() + " -d " + in_quotes(below.help) + "\n";
  }
  for (const auto& option : command.options) {
    script += begin;
    if (!option.short_name.empty()) script += " -s " + option.short_name;
    if (!option.long_name.empty()) script += " -l " + option.long_name;
    script += fish_completion_of_value(option) + " -d " + in_quotes(option.help) + "\n";
  }
  for (const auto& argument : command.arguments) {
    // A file name may follow as well as options, so it is not exclusive.
    script += begin + (argument.kind == ValueKind::file ? " -F" : fish_completion_of_value(argument)) + "\n";
  }
  for (const auto& below : command.commands) add_command(below, script);
}

}  // namespace

std::string fish_completion(const CommandDescription& program) {
  std::string script = fish_head;
  add_command(program, script);
  return script;
}

}  // namespace command
