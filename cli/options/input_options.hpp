// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/inputs.hpp"
#include "options/command_line.hpp"

/// The inputs of subcommands.
namespace command {

// The files that a subcommand reads, byte for byte as given, except "-", standard input: one or more, exactly one, at
// most one.
void add_inputs(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
                const std::string& help);
void add_input(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
               const std::string& help);
/// Videos, folders, lists of inputs, and the shard; none of them is required here.
void add_video_inputs(CLI::App& app, InputRequest& request);
/// `--name`: of the only video.
void add_video_name_option(CLI::App& app, InputRequest& request);
void add_optional_input(CLI::App& app, const std::string& name, std::vector<std::filesystem::path>& files,
                        const std::string& help);

}  // namespace command
