// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/listed_span.hpp"
#include "options/command_line.hpp"
#include "options/options.hpp"

/// The options of subcommands that work on clips that are found, `split` and `sheet`. Declared as in `options.hpp`.
namespace command {

/// `--what`, without transitions.
void add_clip_or_shot_option(CLI::App& app, SpanKind& what, const std::string& help);

/// `--clips`: a result that is there already.
void add_clips_file_option(CLI::App& app, std::vector<std::filesystem::path>& files);

/// With the clips at hand, what decides about clips has nothing to decide, and there is no use for the network. How the
/// video is read still counts, for it is read.
/// @throws CLI::ValidationError where such an option was given.
void refuse_decisions(const CLI::App& app, const OptionNames& decisions, const ExtractionOptionNames& extraction);

}  // namespace command
