// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "commands/split/split_report.hpp"
#include "options/command_line.hpp"
#include "transnet/clip_cutter.hpp"

/// Options about clips as files. Declared as in `options.hpp`.
namespace command {

void add_cut_mode_option(CLI::App& app, const std::string& name, transnet::CutMode& mode);
/// `--mode` to `--overwrite`: how clips are cut out. Call `check_cut_options` after parsing.
void add_cut_options(CLI::App& app, transnet::CutOptions& options);
/// The library's own check. @throws CLI::ValidationError.
void check_cut_options(const transnet::CutOptions& options);

/// `--output-dir`, `--name`: the files of the clips.
void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name);

void add_report_format_option(CLI::App& app, ReportFormat& format);

}  // namespace command
