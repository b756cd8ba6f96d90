// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "formats/edit_rate.hpp"
#include "io/result_files.hpp"
#include "options/command_line.hpp"

/// Options about the content of files.
namespace command {

/// Call `check_format_options` after parsing.
void add_format_options(CLI::App& app, FormatOptions& options);

/// `--start-timecode`, also for lists that are read.
void add_start_timecode_option(CLI::App& app, std::optional<Timecode>& timecode, const std::string& help);

/// @throws CLI::ValidationError if no output has a format for a given option, UsageError as `formats_of_files`.
void check_format_options(const CLI::App& app, const OutputRequest& request);

}  // namespace command
