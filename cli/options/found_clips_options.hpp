// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/listed_span.hpp"
#include "options/command_line.hpp"
#include "options/run_options.hpp"

/// Options of subcommands that use existing clips: `split` and `sheet`.
namespace command {

/// `--what`, without transitions.
void add_clip_or_shot_option(CLI::App& app, SpanKind& what, const std::string& help);

/// `--clips`: an existing result.
void add_clips_file_option(CLI::App& app, std::vector<std::filesystem::path>& files);

/// With existing clips, which the option `source` names, the options of the decision and of the network have no effect.
/// The options for reading the video still apply, because it is read.
/// @throws CLI::ValidationError if an option without effect was given.
void refuse_decisions(const CLI::App& app, const std::string& source, const OptionNames& decisions,
                      const ExtractionOptionNames& extraction);

}  // namespace command
