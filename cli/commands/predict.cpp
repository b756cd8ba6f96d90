// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands/subcommands.hpp"
#include "io/output.hpp"
#include "io/predictions_file.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/model_setup.hpp"

namespace command {
namespace {

struct PredictArguments {
  transnet::ClipExtractorOptions stage;
  std::vector<std::filesystem::path> videos;
  std::string output;
  ProgressMode progress = ProgressMode::automatic;
  std::filesystem::path cache;  // empty: none
};

ExitStatus run_predict(const PredictArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  files.protect(arguments.videos);
  protect_model(arguments.stage, files);
  files.claim_output(arguments.output);
  Output output(arguments.output);
  auto options = arguments.stage;
  options.model.precision = precision_for_any_threshold(options.model.precision);
  LazyModel model(options, {}, 1, arguments.progress, stop);
  Extraction extraction(options, model, arguments.cache);
  const auto& video = arguments.videos.front();
  VideoProgress progress(arguments.progress, 1);
  const auto predictions = [&] {
    VideoProgress::Video shown(progress, video);
    return extraction.predict(video, video.native(), {stop, [&](const transnet::Progress& now) { shown.show(now); }});
  }();
  for (const auto& warning : predictions.warnings) log(transnet::LogLevel::warning, predictions.video + ": " + warning);
  if (predictions.failure) log_failure(predictions.video, predictions.status, *predictions.failure);
  output.write(format_predictions(predictions));
  check(stop);
  output.commit();
  log(transnet::LogLevel::info,
      predictions.video + ": probabilities in " + std::string(to_string(options.model.precision)));
  return combine(ExitStatus::complete, predictions.status);
}

}  // namespace

void add_predict(CLI::App& app, Run& run) {
  auto& predict =
      add_subcommand(app, "predict", "Write the probabilities of every frame, one line per frame: single many_hot");
  const auto arguments = std::make_shared<PredictArguments>();
  add_input(predict, "VIDEO", arguments->videos, "A video file; - = standard input");
  add_output_option(predict, arguments->output, "File for the probabilities (default: standard output)");
  add_timing_option(predict, arguments->stage.decode);
  add_extraction_options(predict, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(predict, [arguments, &run] {
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_predict(*arguments, stop, files);
    };
  });
}

}  // namespace command
