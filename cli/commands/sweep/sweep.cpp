#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/subcommands.hpp"
#include "commands/sweep/sweep_options.hpp"
#include "commands/sweep/sweep_report.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/predictions_file.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/model_setup.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

struct SweepArguments {
  transnet::ClipExtractorOptions stage;
  InputRequest inputs;
  SweepRequest sweep;
  std::string output;
  double framerate = 0.0;  // 0: the inputs are videos, otherwise files of probabilities
  ProgressMode progress = ProgressMode::automatic;
  fs::path cache;  // empty: none
};

/// Where the probabilities of an input come from: the network, or a file.
class PredictionSource {
 public:
  PredictionSource(const SweepArguments& arguments, std::size_t video_count, const std::stop_token& stop)
      : framerate_(arguments.framerate), stop_(stop), progress_(arguments.progress, video_count) {
    if (framerate_ > 0.0) return;
    auto stage = arguments.stage;
    stage.model.precision = precision_for_any_threshold(stage.model.precision);
    extraction_.emplace(stage, model_.emplace(stage, 1, arguments.progress, stop), arguments.cache);
  }

  [[nodiscard]] transnet::VideoPredictions predictions_of(const fs::path& input) {
    check_no_folder(input);
    if (!extraction_) return read_predictions(input, framerate_);
    VideoProgress::Video shown(progress_, input);
    return extraction_->predict(input, {stop_, [&shown](const transnet::Progress& now) { shown.show(now); }});
  }

 private:
  double framerate_;
  std::stop_token stop_;
  VideoProgress progress_;
  std::optional<LazyModel> model_;
  std::optional<Extraction> extraction_;
};

/// Without a number that says how fast they play, they would be tried as videos.
void check_inputs(const SweepArguments& arguments, const std::vector<fs::path>& inputs) {
  if (arguments.framerate > 0.0) return;
  const auto text = std::ranges::find(inputs, fs::path(".txt"), &fs::path::extension);
  if (text != inputs.end()) {
    throw UsageError("--framerate is required for files of probabilities such as " + text->native());
  }
}

ExitStatus run_sweep(const SweepArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const auto inputs = find_inputs(arguments.inputs, files).videos;
  check_inputs(arguments, inputs);
  const auto format = sweep_format(arguments.sweep, arguments.output);
  if (arguments.framerate == 0.0) protect_model(arguments.stage, files);
  files.claim_output(arguments.output);
  Output output(arguments.output);
  SweepReport report(format, bar_style());
  PredictionSource source(arguments, inputs.size(), stop);
  auto exit_status = ExitStatus::complete;
  for (const auto& input : inputs) {
    check(stop);
    SweptVideo video;
    try {
      video = sweep(source.predictions_of(input), arguments.stage.decision, arguments.sweep.thresholds);
    } catch (const std::exception& error) {
      video.video = input.native();
      video.status = transnet::Status::failed;
      video.failure = failure_of(input, error);
    }
    for (const auto& warning : video.warnings) log(transnet::LogLevel::warning, video.video + ": " + warning);
    if (video.failure) log_failure(video.video, video.status, *video.failure);
    output.write(report.add(video));
    exit_status = combine(exit_status, video.status);
  }
  check(stop);
  output.write(report.finish());
  output.commit();
  return exit_status;
}

}  // namespace

void add_sweep(CLI::App& app, Run& run) {
  auto& sweep = add_subcommand(app, "sweep", "What is found at each of many thresholds, to choose one");
  const auto arguments = std::make_shared<SweepArguments>();
  add_video_inputs(sweep, arguments->inputs);
  add_optional_framerate_option(sweep, arguments->framerate,
                                "The inputs are what 'predict' wrote, of videos of so many frames a second");
  add_sweep_options(sweep, arguments->sweep);
  add_output_option(sweep, arguments->output, "Where it is written (default: standard output)");
  add_length_options(sweep, arguments->stage);
  const auto timing = add_timing_option(sweep, arguments->stage.decode);
  const auto extraction = add_extraction_options(sweep, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(sweep, [&sweep, arguments, timing, extraction, &run] {
    for (const auto* names : {&timing, &extraction.video, &extraction.network}) {
      if (arguments->framerate == 0.0) break;
      refuse_given(sweep, *names, "it decides nothing where --framerate says that the inputs are probabilities");
    }
    finish_sweep_options(sweep, arguments->sweep);
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_sweep(*arguments, stop, files);
    };
  });
}

}  // namespace command
