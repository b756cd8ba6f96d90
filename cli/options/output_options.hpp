// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "io/result_files.hpp"
#include "options/command_line.hpp"

/// The options of outputs.
namespace command {

/// `--output`; the value of `file` is the default.
void add_output_option(CLI::App& app, std::string& file, const std::string& help);
void add_required_output_option(CLI::App& app, std::string& file, const std::string& help);

/// An option for a file that is written only if the user names it.
void add_file_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help);

/// The same for an output whose name may have the fields of `VideoName`.
void add_output_pattern_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help);

/// The end of the help for a folder whose name may have these fields.
inline constexpr auto folder_pattern_help =
    "it is made if it is missing; with {stem} or {parent}: one for each video, or its folder";

/// The same for a folder of files of each video.
CLI::Option* add_folder_pattern_option(CLI::App& app, const std::string& name, std::filesystem::path& folder,
                                       const std::string& help);

/// `--overwrite`. A file whose name the user has written is replaced; one whose name the command has made, from a
/// pattern or in a folder, only with this option.
void add_overwrite_option(CLI::App& app, bool& overwrites);

/// `--output`, `--overwrite`, `--format`, `--what`: the outputs of clips.
void add_clip_output_options(CLI::App& app, OutputRequest& request);

/// The output formats of `model info` and `doctor`.
enum class ModelFormat { table, json };
void add_format_option(CLI::App& app, ModelFormat& format);

enum class Shell { bash, zsh, fish };
void add_shell_argument(CLI::App& app, Shell& shell);

/// A folder for the output.
void add_folder_argument(CLI::App& app, std::filesystem::path& folder);

}  // namespace command
