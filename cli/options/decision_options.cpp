// SPDX-License-Identifier: Apache-2.0
#include "options/decision_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "options/network_options.hpp"
#include "options/option_kinds.hpp"
#include "options/table_options.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

using transnet::ClipExtractorOptions;
using transnet::DecisionOptions;

void add_threshold_option(CLI::App& app, const ClipExtractorOptions& options, std::optional<double>& threshold) {
  const auto parse = [&threshold](const std::string& text) {
    const auto number = parse_number<double>("--threshold", text);
    check_usage("--threshold", [&] { (void)transnet::validate(DecisionOptions{.threshold = number}); });
    threshold = number;
  };
  app.add_option_function<std::string>("--threshold", parse, help_of<DecisionOptions>("threshold"))
      ->type_name("FLOAT")
      ->default_str(fmt::format("{}", options.decision.threshold));
}

}  // namespace

void add_profile_option(CLI::App& app, ClipExtractorOptions& options) {
  using enum transnet::Profile;
  const auto choices = choices_of<transnet::Profile>({reference, accurate});
  const auto use = [&app, &options](transnet::Profile profile) {
    transnet::use_profile(profile, options);
    const auto networks = text_of(transnet::network_words, options.networks);
    const std::array values{fmt::format("{}", options.decision.threshold),
                            fmt::format("{}", options.decision.many_hot_threshold), std::string(networks)};
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto* option = app.get_option_no_throw(profile_option_names.at(i));
      if (option != nullptr) option->default_str(values[i]);
    }
  };
  add_choice<transnet::Profile>(app, profile_option, use, reference, choices,
                                "Sets --model, --threshold and --many-hot-threshold unless they are given: as NeMo "
                                "Curator, or two networks and a second look, which find more transitions");
}

OptionNames add_decision_options(CLI::App& app, ClipExtractorOptions& options, std::optional<double>& threshold) {
  return names_of_added(app, [&] {
    add_profile_option(app, options);
    add_threshold_option(app, options, threshold);
    add_length_options(app, options);
    add_option(app, options.decision, "transition_frames");
    add_option(app, options.decision, "top");
  });
}

OptionNames add_shot_options(CLI::App& app, ClipExtractorOptions& options, std::optional<double>& threshold) {
  return names_of_added(app, [&] {
    add_profile_option(app, options);
    add_threshold_option(app, options, threshold);
    for (const auto* name : {"many_hot_threshold", "transition_frames", "top", "min_shot_s", "short_shots"}) {
      add_option(app, options.decision, name);
    }
  });
}

void check_shot_options(const CLI::App& app, const DecisionOptions& decision) {
  if (decision.top > 0) refuse_given(app, {"--threshold"}, "it has no effect with --top");
  if (decision.min_shot_s == 0.0) refuse_given(app, {"--short-shots"}, "it has no effect without --min-shot-s");
}

void add_length_options(CLI::App& app, ClipExtractorOptions& options) {
  DecisionOptions& decision = options.decision;
  const auto add_entire_scene = [&] {
    const std::string help = help_of<DecisionOptions>("entire_scene_as_clip");
    // The count is negative if "=false" turns the flag off.
    auto* entire = app.add_flag_function(
        "--entire-scene-as-clip", [&decision](std::int64_t count) { decision.entire_scene_as_clip = count > 0; },
        decision.entire_scene_as_clip ? help + " (the default)" : help);
    app.add_flag_function(
           "--no-entire-scene-as-clip", [&decision](std::int64_t count) { decision.entire_scene_as_clip = count <= 0; },
           "A video without a transition has no scene")
        ->excludes(entire);
  };
  add_options(app, decision, [&](std::string_view name) {
    if (name == "entire_scene_as_clip") add_entire_scene();
    return name != "threshold" && name != "absolute_times" && name != "entire_scene_as_clip" &&
           name != "transition_frames" && name != "top";
  });
}

void add_transition_options(CLI::App& app, ClipExtractorOptions& options) {
  add_profile_option(app, options);
  add_option(app, options.decision, "threshold");
  add_option(app, options.decision, "many_hot_threshold");
}

std::vector<transnet::ModelFile> settle_threshold(CLI::App& app, ClipExtractorOptions& options,
                                                  const std::optional<double>& threshold) {
  settle_weights(app, options);
  check_shot_options(app, options.decision);
  std::vector<transnet::ModelFile> files;
  if (threshold) {
    options.decision.threshold = *threshold;
    return files;
  }
  options.decision.threshold = transnet::threshold_of(options.networks);
  if (!options.weights.empty() && options.networks != transnet::Networks::both) {
    try {
      files.push_back(transnet::ModelFile::read(options.weights));
      options.decision.threshold = transnet::recommended_threshold(files.front());
    } catch (const transnet::Error&) {
      // Loading the file reports the reason.
    }
  }
  app.get_option("--threshold")->default_str(fmt::format("{}", options.decision.threshold));
  return files;
}

void add_absolute_times_option(CLI::App& app, ClipExtractorOptions& options) {
  add_option(app, options.decision, "absolute_times");
}

}  // namespace command
