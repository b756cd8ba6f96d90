// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "help/completion.hpp"

namespace command {
namespace {

// Does not use the helpers of the package bash-completion, so that sourcing the script is enough.
constexpr const char* bash_head = R"(# Completion of transnet for bash; made by "transnet completion bash".

_transnet_words()
{
    mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$1" -- "$cur")
}

_transnet_files()
{
    mapfile -t COMPREPLY < <(compgen -P "$prefix" "$1" -- "$cur")
    compopt -o filenames 2>/dev/null
}

_transnet()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev='' prefix='' command=transnet i
    COMPREPLY=()
    ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
    # "--option=value" comes in three words, or in one where COMP_WORDBREAKS has no "=".
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $cur == --*=* ]]; then
        prev=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$command ${COMP_WORDS[i]}" in
)";

constexpr const char* tail = R"(    esac
}

complete -F _transnet transnet
)";

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::vector<std::string> spellings(const OptionDescription& option) {
  std::vector<std::string> words;
  if (!option.short_name.empty()) words.push_back("-" + option.short_name);
  if (!option.long_name.empty()) words.push_back("--" + option.long_name);
  return words;
}

std::string bash_completion_of_value(const OptionDescription& option) {
  switch (option.kind) {
    case ValueKind::choice: return fmt::format("_transnet_words '{}'", joined(option.choices));
    case ValueKind::file: return "_transnet_files -f";
    case ValueKind::folder: return "_transnet_files -d";
    default: return ":";
  }
}

/// A case for every command below `command`.
void add_command_cases(const CommandDescription& command, std::string& script) {
  for (const auto& below : command.commands) {
    script += fmt::format("            '{}') command+=\" ${{COMP_WORDS[i]}}\" ;;\n", below.words());
    add_command_cases(below, script);
  }
}

/// A case for every option with a value.
void add_value_cases(const CommandDescription& command, std::string& script) {
  for (const auto& option : command.options) {
    if (option.kind == ValueKind::none) continue;
    std::vector<std::string> patterns;
    for (const auto& spelling : spellings(option))
      patterns.push_back(fmt::format("'{} {}'", command.words(), spelling));
    script += fmt::format("        {}) {}; return ;;\n", fmt::join(patterns, " | "), bash_completion_of_value(option));
  }
  for (const auto& below : command.commands) add_value_cases(below, script);
}

/// A case for every command: the words that can follow it.
void add_word_cases(const CommandDescription& command, std::string& script) {
  std::vector<std::string> options;
  for (const auto& option : command.options) {
    for (auto& spelling : spellings(option)) options.push_back(std::move(spelling));
  }
  std::vector<std::string> commands;
  for (const auto& below : command.commands) commands.push_back(below.names.back());
  std::string otherwise = ":";
  if (!commands.empty()) {
    otherwise = fmt::format("_transnet_words '{}'", joined(commands));
  } else if (!command.arguments.empty()) {
    otherwise = bash_completion_of_value(command.arguments.front());
  }
  script += fmt::format("        '{}') if [[ $cur == -* ]]; then _transnet_words '{}'; else {}; fi ;;\n",
                        command.words(), joined(options), otherwise);
  for (const auto& below : command.commands) add_word_cases(below, script);
}

}  // namespace

std::string bash_completion(const CommandDescription& program) {
  std::string script = bash_head;
  add_command_cases(program, script);
  script += "        esac\n    done\n    case \"$command $prev\" in\n";
  add_value_cases(program, script);
  script += "    esac\n    case $command in\n";
  add_word_cases(program, script);
  return script + tail;
}

}  // namespace command
