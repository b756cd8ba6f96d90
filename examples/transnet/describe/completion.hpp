#pragma once

#include <string>

#include "describe/command_facts.hpp"

/// Scripts that make shells complete the words of the command: subcommands, options, the words of choices, and files.
namespace command {

[[nodiscard]] std::string bash_completion(const CommandFacts& program);
[[nodiscard]] std::string zsh_completion(const CommandFacts& program);
[[nodiscard]] std::string fish_completion(const CommandFacts& program);

}  // namespace command
