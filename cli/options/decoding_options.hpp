// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "options/command_line.hpp"
#include "transnet/decode_options.hpp"

/// The options of reading videos.
namespace command {

OptionNames add_timing_option(CLI::App& app, transnet::DecodeOptions& options);

void add_stream_option(CLI::App& app, transnet::DecodeOptions& options);
/// `--framerate` of inputs that state none.
void add_input_framerate_option(CLI::App& app, transnet::DecodeOptions& options);

void add_decoder_options(CLI::App& app, transnet::DecodeOptions& options);

/// `--max-stall-s` to `--spool-dir`: limits of one video, and the place of a kept pipe.
void add_limit_options(CLI::App& app, transnet::DecodeOptions& options);

/// `--framerate`, which a subcommand for probabilities requires.
void add_framerate_option(CLI::App& app, double& framerate);
/// The same option, not required.
void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help);

}  // namespace command
