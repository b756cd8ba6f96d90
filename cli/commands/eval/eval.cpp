// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/counted.hpp"
#include "commands/eval/eval_report.hpp"
#include "commands/eval/evaluated_video.hpp"
#include "commands/eval/labels_file.hpp"
#include "commands/subcommands.hpp"
#include "commands/sweep/sweep_options.hpp"
#include "commands/sweep/sweep_result.hpp"
#include "io/in_order.hpp"
#include "io/open_input.hpp"
#include "io/output.hpp"
#include "io/output_ending.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/option_kinds.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Error;
using transnet::ErrorCode;
using transnet::ScoringRule;

struct EvalArguments {
  transnet::ClipExtractorOptions stage;
  std::vector<fs::path> results;  ///< files, and folders of files
  std::vector<fs::path> truths;   ///< files, and folders of files
  LabelFormat result_format = LabelFormat::automatic;
  LabelFormat truth_format = LabelFormat::automatic;
  EvaluationRequest evaluation;
  ShownKinds kinds = ShownKinds::every;
  std::optional<EvalFormat> format;
  std::string output;
  std::string plot;
  double framerate = 0.0;    ///< of the videos of probabilities; 0 = unknown
  OptionNames decided_with;  ///< the given options that need probabilities
};

/// The videos of one file of results.
struct EvaluatedFile {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  std::vector<EvaluatedVideo> videos;
  bool is_left_out = false;  ///< a file of a folder that is no result
};

/// A file that the user has named, or one of a folder.
struct NamedFile {
  fs::path file;
  bool is_of_folder = false;
};

/// The named files, and the files of named folders in the order of their names.
std::vector<NamedFile> files_of(const std::vector<fs::path>& named) {
  std::vector<NamedFile> files;
  for (const auto& path : named) {
    std::error_code no_folder;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(path, no_folder); !no_folder && entry != fs::directory_iterator();
         entry.increment(no_folder)) {
      std::error_code is_no_file;
      if (entry->is_regular_file(is_no_file) && !entry->path().filename().native().starts_with('.'))
        found.push_back(entry->path());
    }
    std::ranges::sort(found);
    for (auto& file : found) files.push_back({std::move(file), true});
    if (found.empty()) files.push_back({path});  // a file; an empty folder becomes an error of reading
  }
  return files;
}

/// The paths alone.
std::vector<fs::path> paths_of(const std::vector<NamedFile>& files) {
  std::vector<fs::path> paths;
  for (const auto& [file, is_of_folder] : files) paths.push_back(file);
  return paths;
}

/// Empty, with a warning, for a file of a folder that is neither: a folder may hold other files as well.
std::optional<LabelsFile> read_file(const NamedFile& named, LabelFormat format, double framerate = 0.0) {
  if (!named.is_of_folder) return read_labels(named.file, format, framerate);
  auto found = read_labels_of_folder(named.file, format, framerate);
  if (!found) {
    log(transnet::LogLevel::warning,
        named.file.native() + ": left out: neither probabilities nor labels of a known format");
  }
  return found;
}

Truths read_truths(const EvalArguments& arguments, const std::vector<NamedFile>& files) {
  std::vector<LabelledVideo> videos;
  for (const auto& named : files) {
    auto labels = read_file(named, arguments.truth_format);
    if (!labels) continue;
    if (labels->predictions) {
      throw Error(ErrorCode::invalid_argument, named.file.native() + ": probabilities are no ground truth");
    }
    std::ranges::move(labels->videos, std::back_inserter(videos));
  }
  return Truths(std::move(videos));
}

EvaluatedVideo evaluate_one(const EvalArguments& arguments, Truths& truths, const LabelledVideo& result,
                            const transnet::VideoPredictions* predictions, bool is_only) {
  if (result.mistake) throw Error(ErrorCode::invalid_argument, result.file.native() + ": " + *result.mistake);
  if (predictions == nullptr && !arguments.decided_with.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: {} needs probabilities, and the file has decided transitions", result.file.native(),
                            arguments.decided_with.front()));
  }
  const auto& truth = truths.of(result, is_only);
  return evaluate_video(truth, result, predictions, arguments.stage.decision, arguments.evaluation);
}

void evaluate_file(const EvalArguments& arguments, Truths& truths, const NamedFile& named, bool is_only_file,
                   EvaluatedFile& file) {
  const auto read = read_file(named, arguments.result_format, arguments.framerate);
  file.is_left_out = !read;
  if (!read) return;
  const auto& labels = *read;
  const bool is_only = is_only_file && labels.videos.size() == 1;
  const auto* predictions = labels.predictions ? &*labels.predictions : nullptr;
  for (const auto& result : labels.videos) {
    EvaluatedVideo video;
    try {
      video = evaluate_one(arguments, truths, result, predictions, is_only);
    } catch (const Error& error) {
      if (labels.videos.size() == 1) throw;
      video.video = result.name;
      video.status = file.status = transnet::Status::failed;
      video.failure = failure_of(named.file, error);
      log_failure(video.video, video.status, *video.failure);
    }
    for (const auto& warning : video.warnings) log_warning(video.video, warning);
    file.videos.push_back(std::move(video));
  }
}

/// Writes one report on all results, in their order.
class EvalOutput : public NothingIsDone {
 public:
  EvalOutput(const EvalArguments& arguments, EvalFormat format)
      : output_(arguments.output), report_(format, arguments.kinds, arguments.evaluation) {
    if (!arguments.plot.empty()) plot_.emplace(arguments.plot);
  }

  void add(std::size_t number, EvaluatedFile file) {
    if (file.videos.empty() && !file.is_left_out) {  // it could not be read
      auto& video = file.videos.emplace_back();
      video.video = file.video;
      video.status = file.status;
      video.failure = file.failure;
    }
    in_order_.add(number, std::move(file));
    in_order_.end(number);
  }

  void finish() {
    output_.write(report_.finish());
    if (plot_) plot_->write(report_.plot());
    output_.commit();
    if (plot_) plot_->commit();
  }

 private:
  Output output_;
  std::optional<Output> plot_;
  EvalReport report_;
  InOrder<EvaluatedFile> in_order_{[this](const EvaluatedFile& file) {
    for (const auto& video : file.videos) output_.write(report_.add(video));
  }};
};

void warn_of_unused(const Truths& truths) {
  const auto names = truths.unused();
  if (names.empty()) return;
  log(transnet::LogLevel::warning,
      fmt::format("the scores leave out {} of {} of the truth, for want of a result: {}{}", names.size(),
                  transnet::base::counted(truths.size(), "video"), names.front(), names.size() > 1 ? ", ..." : ""));
}

EvalFormat format_of(const EvalArguments& arguments) {
  if (arguments.format) return *arguments.format;
  return format_of_output<EvalFormat>(
      arguments.output, {{".txt", EvalFormat::table}, {".csv", EvalFormat::csv}, {".json", EvalFormat::json}});
}

ExitStatus run_eval(const EvalArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const auto format = format_of(arguments);
  const auto result_files = files_of(arguments.results);
  const Batch batch(paths_of(result_files), files);
  const auto truth_files = files_of(arguments.truths);
  files.protect(paths_of(truth_files));
  files.claim_output(arguments.output);
  if (!arguments.plot.empty()) files.claim_output(arguments.plot);
  auto truths = read_truths(arguments, truth_files);
  EvalOutput output(arguments, format);
  const auto work = [&](std::size_t number, const std::stop_token&, EvaluatedFile& file) {
    evaluate_file(arguments, truths, result_files[number], batch.inputs().size() == 1, file);
  };
  const auto status = batch.run<EvaluatedFile>(output, stop, work);
  warn_of_unused(truths);
  return status;
}

std::vector<ScoringRule> parse_rules(const std::string& text) {
  const std::vector<ScoringRule> known = {ScoringRule::published, ScoringRule::strict, ScoringRule::clipshots};
  std::vector<ScoringRule> rules;
  for (std::size_t begin = 0, end = 0; begin <= text.size(); begin = end + 1) {
    end = std::min(text.find(',', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const auto found = std::ranges::find(known, word, [](ScoringRule rule) { return to_string(rule); });
    if (found == known.end()) refuse_word("--rule", word, {"published", "strict", "clipshots"});
    if (std::ranges::find(rules, *found) == rules.end()) rules.push_back(*found);
  }
  return rules;
}

Choices<LabelFormat> label_formats() {
  using enum LabelFormat;
  return {{"auto", automatic}, {"truth", truth}, {"clipshots", clipshots}, {"autoshot", autoshot}, {"scenes", scenes},
          {"bbc", bbc},        {"csv", csv},     {"clips", clips}};
}

void add_label_options(CLI::App& app, EvalArguments& arguments) {
  app.add_option_function<std::vector<std::string>>(
         "--truth",
         [&arguments](const std::vector<std::string>& paths) {
           arguments.truths.clear();
           std::ranges::transform(paths, std::back_inserter(arguments.truths), named_input);
         },
         "File with the true transitions, or a folder of such files; more than once for several")
      ->type_name("PATH")
      ->allow_extra_args(false)
      ->required();
  add_choice<LabelFormat>(
      app, "--truth-format", arguments.truth_format, label_formats(),
      "Format of the truth; auto recognises every format except bbc, a list of scenes that lacks the first frame");
  auto formats = label_formats();
  formats.emplace_back("predictions", LabelFormat::predictions);
  add_choice<LabelFormat>(app, "--result-format", arguments.result_format, formats,
                          "Format of the results; auto recognises every format except bbc");
}

void add_score_options(CLI::App& app, EvalArguments& arguments) {
  auto& evaluation = arguments.evaluation;
  app.add_option_function<std::string>(
         "--rule", [&evaluation](const std::string& text) { evaluation.rules = parse_rules(text); },
         "Rules that decide which transitions match, separated by commas: TransNetV2's (published), one to one "
         "(strict), "
         "ClipShots' (clipshots)")
      ->type_name("published|strict|clipshots")
      ->default_str("published,strict");
  app.add_option_function<std::string>(
         "--tolerance-frames",
         [&evaluation](const std::string& text) {
           const auto tolerance = parse_number<std::int64_t>("--tolerance-frames", text);
           check_usage("--tolerance-frames", [&] {
             (void)transnet::evaluate({}, {}, {ScoringRule::strict, tolerance});
           });
           evaluation.tolerance_frames = tolerance;
         },
         "Distance over which transitions still match, frames; clipshots does not use it")
      ->type_name("INT")
      ->default_str(fmt::format("{}", evaluation.tolerance_frames));
  using enum ShownKinds;
  add_choice<ShownKinds>(app, "--kind", arguments.kinds,
                         {{"every", every}, {"all", all}, {"cut", cut}, {"gradual", gradual}},
                         "Rows of the table and of csv: both kinds and all together (every), or one of these rows");
}

void add_eval_outputs(CLI::App& app, EvalArguments& arguments) {
  using enum EvalFormat;
  add_choice<std::optional<EvalFormat>>(
      app, "--format", arguments.format, {{"table", table}, {"csv", csv}, {"json", json}},
      "Format of the output (default: by the ending of the file's name; otherwise a table)");
  add_output_option(app, arguments.output, "File for the scores (default: standard output)");
  app.add_option("--plot", arguments.plot, "SVG file for a plot of precision over recall, from probabilities")
      ->type_name("FILE");
}

/// After parsing: the options that say more than one thing.
void finish(const CLI::App& app, EvalArguments& arguments, const OptionNames& decision) {
  if (!arguments.plot.empty() && !is_written_in_place(arguments.plot) && lower_case_ending(arguments.plot) != ".svg") {
    refuse("--plot", fmt::format("{} does not end in .svg, the format of the plot", arguments.plot));
  }
  if (!arguments.plot.empty() && arguments.evaluation.thresholds.empty()) {
    const SweepRequest sweep;  // for its defaults
    arguments.evaluation.thresholds = thresholds_between(sweep.from, sweep.to, sweep.step);
  }
  if (!arguments.evaluation.thresholds.empty()) {
    refuse_given(app, {"--threshold"}, "it has no effect with --thresholds or --plot");
  }
  arguments.decided_with.clear();
  for (const auto& name : decision) {
    if (is_given(app, name)) arguments.decided_with.push_back(name);
  }
}

}  // namespace

void add_eval(CLI::App& app, Choice& choice) {
  auto& eval = add_subcommand(app, "eval", "Compare results with labelled transitions: precision, recall, F1, IoU");
  const auto arguments = std::make_shared<EvalArguments>();
  add_inputs(eval, "FILE", arguments->results,
             "Results of transnet, PySceneDetect or ClipShots, lists of scenes, or probabilities that 'predict' wrote; "
             "a folder stands for its files");
  add_label_options(eval, *arguments);
  add_score_options(eval, *arguments);
  add_eval_outputs(eval, *arguments);
  auto decision = names_of_added(eval, [&] {
    add_transition_options(eval, arguments->stage);
    add_thresholds_option(eval, arguments->evaluation.thresholds,
                          "Thresholds to compare, separated by commas, for probabilities");
    add_optional_framerate_option(eval, arguments->framerate,
                                  "Frame rate of the videos of probabilities; the truth must have the same");
  });
  decision.emplace_back("--plot");
  add_quiet_option(eval);
  when_chosen(eval, choice.settle, [&eval, arguments, decision, &choice] {
    finish(eval, *arguments, decision);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_eval(*arguments, stop, files);
    };
  });
}

}  // namespace command
