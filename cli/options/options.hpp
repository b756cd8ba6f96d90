// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "io/result_files.hpp"
#include "options/command_line.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/limits.hpp"

/// The options that several subcommands share. Each is declared once and takes its default from the aggregate that it
/// fills or from its row in a table, so that a default is written in the library alone. What is filled must outlive the
/// parsing.
namespace command {

/// `--threshold` to `--limit-clips` and `--transition-frames`: what becomes of probabilities. Their names.
OptionNames add_decision_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// The same without `--threshold` and `--transition-frames`, which changes the ends of shots and no number of them.
void add_length_options(CLI::App& app, transnet::ClipExtractorOptions& options);

void add_model_dir_option(CLI::App& app, std::filesystem::path& model_dir);

/// `--model-dir`, `--weights`, `--model`.
void add_weights_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--device`, `--precision`, `--gpu-memory-gb`, `--threads`.
void add_compute_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// Each has threads, memory and open files of its own.
inline constexpr int max_jobs = 256;

/// `--jobs`: how many videos are worked on at once; 0 = automatic.
void add_jobs_option(CLI::App& app, int& jobs);

OptionNames add_timing_option(CLI::App& app, transnet::DecodeOptions& options);

void add_stream_option(CLI::App& app, transnet::DecodeOptions& options);

void add_fast_decode_option(CLI::App& app, transnet::DecodeOptions& options);

/// `--max-stall-s` to `--max-pixels`: what one video may cost.
void add_limit_options(CLI::App& app, transnet::Limits& limits);

/// Those of `add_extraction_options`, by who has a use for them.
struct ExtractionOptionNames {
  OptionNames video;    ///< whoever reads a video, with the network or after it
  OptionNames network;  ///< the network alone, and decoding for it
};

/// `--stream` to `--verbose`: what every subcommand takes that runs the network on videos. `cache` empty = there is
/// none.
ExtractionOptionNames add_extraction_options(CLI::App& app, transnet::ClipExtractorOptions& options,
                                             std::filesystem::path& cache, ProgressMode& progress);

/// `--resume`.
void add_resume_option(CLI::App& app, bool& resumes, const std::string& help);

void add_absolute_times_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// The library's own check of options that are good alone and may not be together. Call it once all are parsed.
/// @throws CLI::ValidationError.
void check_together(const transnet::ClipExtractorOptions& options);

/// `--framerate`, without which a subcommand that reads probabilities cannot do its work.
void add_framerate_option(CLI::App& app, double& framerate);
/// The same where it may be left out.
void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help);

/// `--quiet`, which silences all but errors from the parsing on.
void add_quiet_option(CLI::App& app);

/// `--progress` and `--quiet`, which silences the bar, too.
void add_progress_options(CLI::App& app, ProgressMode& progress);

void add_verbose_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--output`; what `file` holds is the default.
void add_output_option(CLI::App& app, std::string& file, const std::string& help);
void add_required_output_option(CLI::App& app, std::string& file, const std::string& help);

/// `--overwrite`.
void add_overwrite_option(CLI::App& app, bool& overwrites, const std::string& help);

/// `--output`, `--format`, `--what`: of clips.
void add_clip_output_options(CLI::App& app, OutputRequest& request);

/// How `model info` and `doctor` answer.
enum class ModelFormat { table, json };
void add_format_option(CLI::App& app, ModelFormat& format);

enum class Shell { bash, zsh, fish };
void add_shell_argument(CLI::App& app, Shell& shell);

/// A folder to write into.
void add_folder_argument(CLI::App& app, std::filesystem::path& folder);

}  // namespace command
