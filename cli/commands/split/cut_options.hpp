// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "commands/split/split_report.hpp"
#include "formats/listed_span.hpp"
#include "options/command_line.hpp"
#include "options/options.hpp"
#include "transnet/clip_cutter.hpp"

/// Options of subcommands that use existing clips: `split`, and `sheet` in part. Declared as in `options.hpp`.
namespace command {

/// `--mode` to `--overwrite`: how clips are cut out. Call `check_cut_options` after parsing.
void add_cut_options(CLI::App& app, transnet::CutOptions& options);
/// The library's own check. @throws CLI::ValidationError.
void check_cut_options(const transnet::CutOptions& options);

/// `--what`, without transitions.
void add_cut_what_option(CLI::App& app, SpanKind& what, const std::string& help);

/// `--clips`: an existing result.
void add_clips_file_option(CLI::App& app, std::vector<std::filesystem::path>& files);

/// With `--clips`, the options of the decision and of the network have no effect. The options for reading the video
/// still apply, because it is read.
/// @throws CLI::ValidationError if an option without effect was given.
void refuse_decisions(const CLI::App& app, const OptionNames& decisions, const ExtractionOptionNames& extraction);

/// `--output-dir`, `--name`: the files of the clips.
void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name);

void add_report_format_option(CLI::App& app, ReportFormat& format);

}  // namespace command
