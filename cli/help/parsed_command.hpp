// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "help/command_description.hpp"

namespace command {

[[nodiscard]] OptionDescription describe(const CLI::Option& option);

/// The parser's description of `app` and all below it, without hidden parts.
[[nodiscard]] CommandDescription describe(const CLI::App& app);

/// The subcommands of `app` that its help shows.
[[nodiscard]] std::vector<const CLI::App*> shown_subcommands(const CLI::App& app);

}  // namespace command
