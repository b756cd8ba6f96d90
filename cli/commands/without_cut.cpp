// SPDX-License-Identifier: Apache-2.0
// Replaces `split`, `--split` and the check of the encoders if the command is built without transnet::cut.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <memory>
#include <optional>

#include "commands/doctor/media_checks.hpp"
#include "commands/split/split_files.hpp"
#include "commands/subcommands.hpp"

namespace command {

/// Says why this build has no `split`; help, completion and manual do not list the subcommand.
void add_split(CLI::App& app, Choice& /*choice*/) {
  auto& split = add_subcommand(app, "split", "");
  hide(split);
  // Throws before the words of `split` are parsed, because none of them is the mistake.
  split.preparse_callback([](std::size_t /*word_count*/) {
    throw UsageError("this transnet cannot cut clips into files: it was built with TRANSNET_BUILD_CUT=OFF");
  });
}

void add_split_files_options(CLI::App& /*app*/, SplitFilesRequest& /*request*/) {}

void check_split_files_options(const CLI::App& /*app*/, const SplitFilesRequest& /*request*/) {}

std::unique_ptr<VideoFiles> make_split_files(const SplitFilesRequest& /*request*/, const Inputs& /*inputs*/,
                                             bool /*overwrites*/, ProtectedFiles& /*files*/) {
  return nullptr;
}

std::optional<Check> check_encoders() { return std::nullopt; }

}  // namespace command
