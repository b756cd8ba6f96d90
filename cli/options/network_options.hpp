// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "options/command_line.hpp"
#include "transnet/clip_extractor_options.hpp"

/// The options of networks: their weights and where they run.
namespace command {

void add_model_dir_option(CLI::App& app, std::filesystem::path& model_dir);

/// `--model`.
void add_model_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--model-dir`, `--weights`, `--second-weights`, `--model`.
void add_weights_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// Leaves out the second weights of a configuration file where one network runs: values of a file contradict nothing.
/// For subcommands with `add_weights_options`, after parsing; `settle_threshold` calls it.
void settle_weights(const CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--device`, `--precision`, `--gpu-memory-gb`.
void add_device_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--threads`.
void add_threads_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--device`, `--precision`, `--gpu-memory-gb`, `--threads`.
void add_compute_options(CLI::App& app, transnet::ClipExtractorOptions& options);

}  // namespace command
