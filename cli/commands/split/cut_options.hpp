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

/// The options of what works on clips that are found: `split`, and `sheet` in part. Declared as in `options.hpp`.
namespace command {

/// `--mode` to `--overwrite`: how clips are cut out. Call `check_cut_options` once all are parsed.
void add_cut_options(CLI::App& app, transnet::CutOptions& options);
/// The library's own check. @throws CLI::ValidationError.
void check_cut_options(const transnet::CutOptions& options);

/// `--what`, without transitions.
void add_cut_what_option(CLI::App& app, SpanKind& what, const std::string& help);

/// `--clips`: a result that is there already.
void add_clips_file_option(CLI::App& app, std::vector<std::filesystem::path>& files);

/// With the clips at hand, what decides about clips has nothing to decide, and there is no use for the network. How the
/// video is read still counts, for it is read.
/// @throws CLI::ValidationError where such an option was given.
void refuse_decisions(const CLI::App& app, const OptionNames& decisions, const ExtractionOptionNames& extraction);

/// `--output-dir`, `--name`: of the files that clips are cut into.
void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name);

void add_report_format_option(CLI::App& app, ReportFormat& format);

}  // namespace command
