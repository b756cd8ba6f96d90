// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "io/result_files.hpp"
#include "options/command_line.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"

/// The options of runs over videos.
namespace command {

/// The names of the options of `add_extraction_options`, by their use.
struct ExtractionOptionNames {
  OptionNames video;    ///< for reading a video, with or without the network
  OptionNames network;  ///< for the network and for decoding its frames
};

/// `--stream` to `--verbose`: the options of every subcommand that runs the network on videos. `cache` empty = none.
ExtractionOptionNames add_extraction_options(CLI::App& app, transnet::ClipExtractorOptions& options,
                                             std::filesystem::path& cache, ProgressMode& progress);

/// `--resume`, `--retry-failed`.
void add_resume_options(CLI::App& app, ResumeRequest& request, const std::string& help);

/// Each job has its own threads, memory and open files.
inline constexpr int max_jobs = 256;

/// `--jobs`: the number of videos to process at once; 0 = automatic.
void add_jobs_option(CLI::App& app, int& jobs);

/// The library's own check for valid options that contradict each other. Call it after parsing.
/// @throws CLI::ValidationError.
void check_together(const transnet::ClipExtractorOptions& options);

/// `--quiet`, which silences everything except errors, from parsing on.
void add_quiet_option(CLI::App& app);

/// `--progress` and `--quiet`, which also hides the bar.
void add_progress_options(CLI::App& app, ProgressMode& progress);

void add_verbose_option(CLI::App& app, transnet::ClipExtractorOptions& options);

}  // namespace command
