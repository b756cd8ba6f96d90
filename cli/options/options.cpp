// SPDX-License-Identifier: Apache-2.0
#include "options/options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "formats/option_values.hpp"
#include "options/clip_format_options.hpp"
#include "options/option_kinds.hpp"
#include "options/table_options.hpp"
#include "pipeline/extractor_option_table.hpp"
#include "run/console.hpp"
#include "run/jobs.hpp"
#include "transnet/error.hpp"
#include "transnet/timeline.hpp"

namespace command {
namespace {

using transnet::ClipExtractorOptions;
using transnet::DecisionOptions;
using transnet::DecodeOptions;
using transnet::ShotModelOptions;

constexpr const char* quiet_help = "Write only errors to stderr";

CLI::Option* add_framerate(CLI::App& app, double& framerate, const std::string& help) {
  const auto parse = [&framerate](const std::string& text) {
    framerate = parse_number<double>("--framerate", text);
    check_usage("--framerate", [&framerate] { (void)transnet::Timeline(framerate); });
  };
  return app.add_option_function<std::string>("--framerate", parse, help)->type_name("FLOAT");
}

CLI::Option* add_output(CLI::App& app, std::string& file, const std::string& help) {
  auto* option = app.add_option("-o,--output", file, help)->type_name("FILE");
  return file.empty() ? option : option->capture_default_str();
}

void add_cache_option(CLI::App& app, std::filesystem::path& folder) {
  add_path(app, "--cache", folder, "Folder that keeps the network's probabilities for later runs; '' = none")
      ->envname("TRANSNET_CACHE");
}

void add_device_options(CLI::App& app, ClipExtractorOptions& options) {
  add_options(app, options.model, [](std::string_view name) { return name != "threads"; });
}

void add_threads_option(CLI::App& app, ClipExtractorOptions& options) {
  const auto parse = [&options](const std::string& text) {
    const int threads = parse_number<int>("--threads", text);
    if (threads < 0) refuse("--threads", "it must not be negative");
    use_threads(options, threads);
  };
  app.add_option_function<std::string>("--threads", parse, help_of<ShotModelOptions>("threads"))
      ->type_name("INT")
      ->default_str(fmt::format("{}", options.model.threads));
}

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
  const Choices<transnet::Profile> choices{{std::string(to_string(reference)), reference},
                                           {std::string(to_string(accurate)), accurate}};
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

void add_model_dir_option(CLI::App& app, std::filesystem::path& model_dir) {
  add_path(app, "--model-dir", model_dir, help_of<ClipExtractorOptions>("model_dir"));
}

void add_model_option(CLI::App& app, ClipExtractorOptions& options) { add_option(app, options, "model"); }

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

void add_weights_options(CLI::App& app, ClipExtractorOptions& options) {
  add_model_dir_option(app, options.model_dir);
  add_option(app, options, "weights");
  add_option(app, options, "second_weights");
  add_model_option(app, options);
}

void settle_weights(const CLI::App& app, ClipExtractorOptions& options) {
  if (options.networks != transnet::Networks::both && !is_given(app, "--second-weights"))
    options.second_weights.clear();
}

void add_compute_options(CLI::App& app, ClipExtractorOptions& options) {
  add_device_options(app, options);
  add_threads_option(app, options);
}

void add_resume_options(CLI::App& app, ResumeRequest& request, const std::string& help) {
  auto* const resume = app.add_flag("--resume", request.is_given, help);
  app.add_flag("--retry-failed", request.retries_failed, "With --resume, process the videos that failed again")
      ->needs(resume);
}

void add_jobs_option(CLI::App& app, int& jobs) {
  const auto parse = [&jobs](const std::string& text) {
    jobs = parse_number<int>("--jobs", text);
    if (jobs < 0 || jobs > max_jobs) {
      refuse("--jobs", fmt::format("it must be between 0 and {}", max_jobs));
    }
  };
  app.add_option_function<std::string>("--jobs", parse,
                                       "Videos to process at once; they share --threads; 0 = one for each thread")
      ->type_name("INT")
      ->default_str(fmt::format("{}", jobs));
}

OptionNames add_timing_option(CLI::App& app, DecodeOptions& options) {
  return names_of_added(app, [&] { add_option(app, options, "timing"); });
}

void add_stream_option(CLI::App& app, DecodeOptions& options) { add_option(app, options, "stream"); }

void add_input_framerate_option(CLI::App& app, DecodeOptions& options) {
  const auto parse = [&options](const std::string& text) {
    const auto slash = text.find('/');
    auto rate = parse_number<double>("--framerate", text.substr(0, slash));
    if (slash != std::string::npos) rate /= parse_number<double>("--framerate", text.substr(slash + 1));
    check_usage("--framerate", [rate] { transnet::validate(DecodeOptions{.framerate = rate}); });
    options.framerate = rate;
  };
  app.add_option_function<std::string>("--framerate", parse, help_of<DecodeOptions>("framerate") + "; also 24000/1001")
      ->type_name("RATE")
      ->default_str(fmt::format("{}", options.framerate));
}

void add_decoder_options(CLI::App& app, DecodeOptions& options) {
  add_option(app, options, "fast_decode");
  add_option(app, options, "decoder");
}

void add_limit_options(CLI::App& app, transnet::DecodeOptions& options) {
  add_options(app, options.limits, [](std::string_view) { return true; });
  add_option(app, options, "spool_dir");
}

void add_absolute_times_option(CLI::App& app, ClipExtractorOptions& options) {
  add_option(app, options.decision, "absolute_times");
}

void check_together(const ClipExtractorOptions& options) {
  check_usage([&options] { (void)transnet::validate(options); });
}

void add_framerate_option(CLI::App& app, double& framerate) {
  add_framerate(app, framerate, "Frame rate of the videos, frames per second")->required();
}

void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help) {
  add_framerate(app, framerate, help);
}

void add_quiet_option(CLI::App& app) { app.add_flag_callback("--quiet", log_errors_alone, quiet_help); }

void add_progress_options(CLI::App& app, ProgressMode& progress) {
  using enum ProgressMode;
  add_choice<ProgressMode>(
      app, "--progress", progress,
      {{"auto", automatic}, {"none", none}, {"json", json}, {"kdenlive", kdenlive}, {"shotcut", shotcut}},
      "Show progress: a bar on a terminal (auto), lines of JSON on stderr (json), or the lines that "
      "Kdenlive and Shotcut read");
  app.add_flag_callback(
      "--quiet",
      [&progress] {
        log_errors_alone();
        if (progress == automatic) progress = none;
      },
      quiet_help);
}

void add_verbose_option(CLI::App& app, ClipExtractorOptions& options) { add_option(app, options, "verbose"); }

ExtractionOptionNames add_extraction_options(CLI::App& app, ClipExtractorOptions& options, std::filesystem::path& cache,
                                             ProgressMode& progress) {
  ExtractionOptionNames names;
  names.video = names_of_added(app, [&] {
    add_stream_option(app, options.decode);
    add_limit_options(app, options.decode);
    add_threads_option(app, options);
  });
  names.network = names_of_added(app, [&] {
    add_decoder_options(app, options.decode);
    add_option(app, options, "frame_step");
    add_cache_option(app, cache);
    add_weights_options(app, options);
    add_device_options(app, options);
  });
  add_progress_options(app, progress);
  add_verbose_option(app, options);
  return names;
}

void add_output_option(CLI::App& app, std::string& file, const std::string& help) { add_output(app, file, help); }

void add_required_output_option(CLI::App& app, std::string& file, const std::string& help) {
  add_output(app, file, help)->required();
}

void add_file_option(CLI::App& app, const std::string& name, std::string& file, const std::string& help) {
  const auto take = [name, &file](const std::string& text) {
    if (text.empty()) refuse(name, "it names no file");
    file = text;
  };
  app.add_option_function<std::string>(name, take, help)->type_name("FILE");
}

void add_overwrite_option(CLI::App& app, bool& overwrites) {
  app.add_flag("--overwrite", overwrites, "Also replace files whose names come from a pattern or a folder");
}

void add_clip_output_options(CLI::App& app, OutputRequest& request) {
  app.add_option("-o,--output", request.files,
                 "File to write, one or more (default: standard output); with {stem} in the name: one file for each "
                 "input")
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_overwrite_option(app, request.overwrites);
  std::vector<std::string> names;
  for (const auto& format : formats()) names.emplace_back(format.name);
  const auto parse = [names, &request](const std::vector<std::string>& words) {
    request.formats.clear();
    for (const auto& word : words) {
      const auto format = std::ranges::find(formats(), word, &Format::name);
      if (format == formats().end()) refuse_word("--format", word, names);
      request.formats.push_back(&*format);
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "--format", parse,
         "Format of each file, in their order (default: by the ending of its name; otherwise a table)")
      ->type_name(alternatives(names))
      ->allow_extra_args(false);
  add_choice<std::optional<SpanKind>>(
      app, "--what", request.what,
      {{"clips", SpanKind::clips},
       {"shots", SpanKind::shots},
       {"scenes", SpanKind::scenes},
       {"transitions", SpanKind::transitions}},
      "Spans to write, in place of the format's own: shots in lists of keyframes, markers "
      "and shot changes, scenes in scenes-txt, otherwise clips; json and jsonl hold "
      "all");
  add_format_options(app, request.format_options);
}

void add_format_option(CLI::App& app, ModelFormat& format) {
  using enum ModelFormat;
  add_choice<ModelFormat>(app, "--format", format, {{"table", table}, {"json", json}}, "Format of the output");
}

void add_shell_argument(CLI::App& app, Shell& shell) {
  using enum Shell;
  add_choice<Shell>(app, "SHELL", shell, {{"bash", bash}, {"zsh", zsh}, {"fish", fish}},
                    "The shell that runs the script")
      ->default_str("")
      ->required();
}

void add_folder_argument(CLI::App& app, std::filesystem::path& folder) {
  add_path(app, "FOLDER", folder, "Folder to write to; each kind of file gets its own subfolder")->required();
}

}  // namespace command
