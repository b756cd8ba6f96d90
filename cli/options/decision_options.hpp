// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "options/command_line.hpp"
#include "transnet/clip_extractor_options.hpp"
#include "transnet/model_file.hpp"

/// The options of decisions.
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

/// @throws CLI::ValidationError if a given option has no effect beside others. `settle_threshold` calls it.
void check_shot_options(const CLI::App& app, const transnet::DecisionOptions& decision);

/// As `add_decision_options`, but without `--profile` and `--threshold`, and without `--transition-frames`, which
/// changes the ends of shots but not their number.
void add_length_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// `--profile`, `--threshold` and `--many-hot-threshold`: the decision about transitions alone.
void add_transition_options(CLI::App& app, transnet::ClipExtractorOptions& options);

/// Sets the threshold: the given one, otherwise that of the networks of `--weights` or of `--model`. Returns the file
/// of `--weights` if it had to be read. For subcommands with the options of `add_decision_options` or
/// `add_shot_options`, and `add_weights_options`, after parsing.
[[nodiscard]] std::vector<transnet::ModelFile> settle_threshold(CLI::App& app, transnet::ClipExtractorOptions& options,
                                                                const std::optional<double>& threshold);

void add_absolute_times_option(CLI::App& app, transnet::ClipExtractorOptions& options);

}  // namespace command
