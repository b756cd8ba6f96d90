// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/subcommands.hpp"
#include "commands/sweep/sweep_options.hpp"
#include "commands/sweep/sweep_report.hpp"
#include "io/in_order.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/predictions_file.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/network_options.hpp"
#include "options/output_options.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
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
  RangeRequest range;
  InputRequest inputs;
  SweepRequest sweep;
  std::string output;
  double framerate = 0.0;  // 0: the inputs are videos, otherwise files of probabilities
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: none
};

/// Gets the probabilities of an input from the network or from a file. Any number of threads may call it at once.
class PredictionSource {
 public:
  PredictionSource(const SweepArguments& arguments, const Batch& batch, const std::stop_token& stop)
      : framerate_(arguments.framerate), progress_(arguments.progress, batch.inputs().size()) {
    if (framerate_ > 0.0) return;
    auto stage = for_any_threshold(arguments.stage);
    auto& model =
        model_.emplace(stage, std::vector<transnet::ModelFile>(), batch.shares().jobs, arguments.progress, stop);
    use_threads(stage, batch.shares().threads);
    extraction_.emplace(stage, model, arguments.cache);
  }

  [[nodiscard]] transnet::VideoPredictions predictions_of(const InputVideo& input, const std::stop_token& stop) {
    check_no_folder(input);
    if (!extraction_) {
      auto predictions = read_predictions(input.file, framerate_);
      predictions.video = input.name();
      return predictions;
    }
    VideoProgress::Video shown(progress_, input.name());
    return extraction_->predict(input.file, input.name(), shown.control(stop));
  }

 private:
  double framerate_;
  VideoProgress progress_;
  std::optional<LazyModel> model_;
  std::optional<Extraction> extraction_;
};

/// Writes one report on all inputs, in their order.
class SweepOutput : public NothingIsDone {
 public:
  SweepOutput(const std::string& file, SweepFormat format) : output_(file), report_(format, bar_style()) {}

  void add(std::size_t input, SweptVideo video) {
    in_order_.add(input, std::move(video));
    in_order_.end(input);
  }

  void finish() {
    output_.write(report_.finish());
    output_.commit();
  }

 private:
  Output output_;
  SweepReport report_;
  InOrder<SweptVideo> in_order_{[this](const SweptVideo& video) { output_.write(report_.add(video)); }};
};

/// Without --framerate, files of probabilities would be read as videos.
void check_inputs(const SweepArguments& arguments, const Inputs& inputs) {
  if (arguments.framerate > 0.0) return;
  for (std::size_t number = 0; number < inputs.size(); ++number) {
    const auto& file = inputs[number].file;
    const auto has_ending = [&file](const PredictionsFormat& format) { return file.extension() == format.ending; };
    if (std::ranges::none_of(predictions_formats(), has_ending)) continue;
    throw UsageError("--framerate is required for files of probabilities such as " + file.native());
  }
}

ExitStatus run_sweep(const SweepArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, files);
  check_inputs(arguments, batch.inputs());
  const auto format = sweep_format(arguments.sweep, arguments.output);
  if (arguments.framerate == 0.0) protect_model(arguments.stage, files);
  files.claim_output(arguments.output);
  SweepOutput output(arguments.output, format);
  PredictionSource source(arguments, batch, stop);
  const auto work = [&](std::size_t number, const std::stop_token& end, SweptVideo& video) {
    video =
        sweep(source.predictions_of(batch.inputs()[number], end), arguments.stage.decision, arguments.sweep.thresholds);
    for (const auto& warning : video.warnings) log_warning(video.video, warning);
  };
  return batch.run<SweptVideo>(output, stop, work);
}

}  // namespace

void add_sweep(CLI::App& app, Choice& choice) {
  auto& sweep = add_subcommand(app, "sweep", "Count transitions, shots and clips at many thresholds, to choose one");
  const auto arguments = std::make_shared<SweepArguments>();
  add_video_inputs(sweep, arguments->inputs);
  add_video_name_option(sweep, arguments->inputs);
  add_optional_framerate_option(
      sweep, arguments->framerate,
      "Frame rate of the videos, frames per second; the inputs are files that 'predict' wrote");
  add_sweep_options(sweep, arguments->sweep);
  add_output_option(sweep, arguments->output, "File for the counts (default: standard output)");
  add_jobs_option(sweep, arguments->jobs);
  add_profile_option(sweep, arguments->stage);
  add_length_options(sweep, arguments->stage);
  const auto range = add_range_options(sweep, arguments->range);
  const auto timing = add_timing_option(sweep, arguments->stage.decode);
  const auto extraction = add_extraction_options(sweep, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(sweep, choice.settle, [&sweep, arguments, range, timing, extraction, &choice] {
    for (const auto* names : {&range, &timing, &extraction.video, &extraction.network}) {
      if (arguments->framerate == 0.0) break;
      refuse_given(sweep, *names, "it has no effect with --framerate, which says that the inputs are probabilities");
    }
    settle_range(sweep, arguments->range, arguments->stage.decode);
    settle_weights(sweep, arguments->stage);
    check_together(arguments->stage);
    finish_sweep_options(sweep, arguments->sweep);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_sweep(*arguments, stop, files);
    };
  });
}

}  // namespace command
