// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "help/command_description.hpp"

/// Scripts that make shells complete the words of the command: subcommands, options, the words of choices, and files.
namespace command {

[[nodiscard]] std::string bash_completion(const CommandDescription& program);
[[nodiscard]] std::string zsh_completion(const CommandDescription& program);
[[nodiscard]] std::string fish_completion(const CommandDescription& program);

}  // namespace command
