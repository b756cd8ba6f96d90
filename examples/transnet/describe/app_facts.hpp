#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "describe/command_facts.hpp"

namespace command {

[[nodiscard]] OptionFacts facts_of(const CLI::Option& option);

/// Everything that the parser knows below `app`, but for what its help does not show.
[[nodiscard]] CommandFacts facts_of(const CLI::App& app);

/// The subcommands of `app` that its help shows.
[[nodiscard]] std::vector<const CLI::App*> shown_subcommands(const CLI::App& app);

}  // namespace command
