// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "commands/split/split_report.hpp"
#include "options/command_line.hpp"
#include "transnet/clip_cutter.hpp"

/// Options about clips as files.
namespace command {

/// The value of `--container` that stands for the ending of each video.
inline constexpr std::string_view own_container = "{ext}";

void add_cut_mode_option(CLI::App& app, const std::string& name, transnet::CutMode& mode);
/// `--mode` to `--overwrite`: how clips are cut out. Call `check_cut_options` after parsing.
void add_cut_options(CLI::App& app, transnet::CutOptions& options);
/// The library's own check. @throws CLI::ValidationError.
void check_cut_options(const transnet::CutOptions& options);

/// `--container`: without a dot, empty if it is not given. Call `check_container` after parsing.
void add_container_option(CLI::App& app, std::string& container);
/// @throws CLI::ValidationError if the container cannot hold what the encoders write.
void check_container(const std::string& container, const transnet::CutOptions& options);

/// `--output-dir`, `--name`: the files of the clips.
void add_clip_file_options(CLI::App& app, std::filesystem::path& folder, std::string& name);

void add_report_format_option(CLI::App& app, ReportFormat& format);

}  // namespace command
