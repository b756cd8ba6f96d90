// SPDX-License-Identifier: Apache-2.0
// Replaces `split` and its check of the encoders if the command is built without transnet::cut.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <optional>

#include "commands/doctor/media_checks.hpp"
#include "commands/subcommands.hpp"

namespace command {

/// Says why this build has no `split`; help, completion and manual do not list the subcommand.
void add_split(CLI::App& app, Run& /*run*/) {
  auto& split = add_subcommand(app, "split", "");
  hide(split);
  // Throws before the words of `split` are parsed, because none of them is the mistake.
  split.preparse_callback([](std::size_t /*word_count*/) {
    throw UsageError("this transnet cannot cut clips into files: it was built with TRANSNET_BUILD_CUT=OFF");
  });
}

std::optional<Check> check_encoders() { return std::nullopt; }

}  // namespace command
