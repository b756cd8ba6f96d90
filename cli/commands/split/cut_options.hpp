// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "commands/split/split_report.hpp"
#include "options/command_line.hpp"
#include "transnet/clip_cutter.hpp"

/// The options of `split` alone. Declared as in `options.hpp`.
namespace command {

/// `--mode` to `--overwrite`: how clips are cut out. Call `check_cut_options` once all are parsed.
void add_cut_options(CLI::App& app, transnet::CutOptions& options);
/// The library's own check. @throws CLI::ValidationError.
void check_cut_options(const transnet::CutOptions& options);

/// `--output-dir`, `--name`: of the files that clips are cut into.
void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name);

void add_report_format_option(CLI::App& app, ReportFormat& format);

}  // namespace command
