// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/result_files.hpp"
#include "options/command_line.hpp"
#include "run/progress.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/model_file.hpp"

/// The options that several subcommands share. Each is declared once and takes its default from the aggregate that it
/// fills or from its row in a table, so only the library states defaults. The filled objects must outlive the parsing.
namespace command {

/// The option for a profile, and the options that it sets.
inline constexpr const char* profile_option = "--profile";
inline constexpr std::array profile_option_names{"--threshold", "--many-hot-threshold", "--model"};

/// `--profile`: sets the options of `use_profile`. Declare it before these options: options apply in the order of their
/// declaration, and a given option must override the profile.
void add_profile_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--profile`, `--threshold` to `--limit-clips` and `--transition-frames`: the decision. Returns their names.
/// `threshold` stays empty without `--threshold`: the default depends on the network.
OptionNames add_decision_options(CLI::App& app, transnet::ClipExtractorOptions& options,
                                 std::optional<double>& threshold);

/// As `add_decision_options`, but only what decides about shots, without the lengths and edges of clips.
OptionNames add_shot_options(CLI::App& app, transnet::ClipExtractorOptions& options, std::optional<double>& threshold);

/// Leaves out the second weights of a configuration file where one network runs: values of a file contradict nothing.
/// For subcommands with `add_weights_options`, after parsing; `settle_threshold` calls it.
void settle_weights(const CLI::App& app, transnet::ClipExtractorOptions& options);

/// @throws CLI::ValidationError if a given option has no effect beside others. `settle_threshold` calls it.
void check_shot_options(const CLI::App& app, const transnet::DecisionOptions& decision);

/// Sets the threshold: the given one, otherwise that of the networks of `--weights` or of `--model`. Returns the file
/// of `--weights` if it had to be read. For subcommands with the options of `add_decision_options` or
/// `add_shot_options`, and `add_weights_options`, after parsing.
[[nodiscard]] std::vector<transnet::ModelFile> settle_threshold(CLI::App& app, transnet::ClipExtractorOptions& options,
                                                                const std::optional<double>& threshold);

/// As `add_decision_options`, but without `--profile` and `--threshold`, and without `--transition-frames`, which
/// changes the ends of shots but not their number.
void add_length_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--profile`, `--threshold` and `--many-hot-threshold`: the decision about transitions alone.
void add_transition_options(CLI::App& app, transnet::ClipExtractorOptions& options);

void add_model_dir_option(CLI::App& app, std::filesystem::path& model_dir);

/// `--model`.
void add_model_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--model-dir`, `--weights`, `--second-weights`, `--model`.
void add_weights_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--device`, `--precision`, `--gpu-memory-gb`, `--threads`.
void add_compute_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// Each job has its own threads, memory and open files.
inline constexpr int max_jobs = 256;

/// `--jobs`: the number of videos to process at once; 0 = automatic.
void add_jobs_option(CLI::App& app, int& jobs);

OptionNames add_timing_option(CLI::App& app, transnet::DecodeOptions& options);

void add_stream_option(CLI::App& app, transnet::DecodeOptions& options);
/// `--framerate` of inputs that state none.
void add_input_framerate_option(CLI::App& app, transnet::DecodeOptions& options);

void add_decoder_options(CLI::App& app, transnet::DecodeOptions& options);

/// `--max-stall-s` to `--spool-dir`: limits of one video, and the place of a kept pipe.
void add_limit_options(CLI::App& app, transnet::DecodeOptions& options);

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

void add_absolute_times_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// The library's own check for valid options that contradict each other. Call it after parsing.
/// @throws CLI::ValidationError.
void check_together(const transnet::ClipExtractorOptions& options);

/// `--framerate`, which a subcommand for probabilities requires.
void add_framerate_option(CLI::App& app, double& framerate);
/// The same option, not required.
void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help);

/// `--quiet`, which silences everything except errors, from parsing on.
void add_quiet_option(CLI::App& app);

/// `--progress` and `--quiet`, which also hides the bar.
void add_progress_options(CLI::App& app, ProgressMode& progress);

void add_verbose_option(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--output`; the value of `file` is the default.
void add_output_option(CLI::App& app, std::string& file, const std::string& help);
void add_required_output_option(CLI::App& app, std::string& file, const std::string& help);

/// An option for a file that is written only if the user names it.
void add_file_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help);

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
