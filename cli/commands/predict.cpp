// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "commands/subcommands.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/output_ending.hpp"
#include "io/predictions_file.hpp"
#include "io/protected_files.hpp"
#include "io/result_files.hpp"
#include "io/video_documents.hpp"
#include "io/video_names.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/network_options.hpp"
#include "options/option_kinds.hpp"
#include "options/output_options.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/lazy_model.hpp"
#include "run/model_setup.hpp"
#include "run/progress.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

struct PredictArguments {
  transnet::ClipExtractorOptions stage;
  RangeRequest range;
  InputRequest inputs;
  std::string output;                         // a pattern; "-" = standard output
  fs::path folder;                            // of --output-dir; empty: there is none
  const PredictionsFormat* format = nullptr;  // null: by the ending
  bool overwrites = false;
  ResumeRequest resume;
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: there is none
};

/// By the ending of the file. @throws UsageError
const PredictionsFormat* format_by_name_of(const std::string& file) {
  std::vector<FormatOfEnding<const PredictionsFormat*>> formats;
  for (const auto& format : predictions_formats()) formats.emplace_back(format.ending, &format);
  return format_of_output(file, formats);
}

/// Gets the probabilities of videos. Any number of threads may call it at once.
class Predictor {
 public:
  Predictor(const PredictArguments& arguments, const ThreadShares& shares, const std::stop_token& stop)
      : format_(*arguments.format),
        stage_(for_any_threshold(arguments.stage)),
        model_(stage_, {}, shares.jobs, arguments.progress, stop) {
    use_threads(stage_, shares.threads);
    extraction_.emplace(stage_, model_, arguments.cache);
  }

  /// Everything that can change the files.
  [[nodiscard]] Json settings() {
    Json settings = extraction_settings(stage_, model_.sha256());
    settings["format"] = format_.name;
    return settings;
  }

  void predict(const InputVideo& video, VideoProgress& progress, const std::stop_token& stop, VideoDocument& file) {
    VideoProgress::Video shown(progress, video.name());
    check_no_folder(video);
    auto predictions = extraction_->predict(video.file, video.name(), shown.control(stop));
    for (const auto& warning : predictions.warnings) log_warning(video.name(), warning);
    file.status = predictions.status;
    file.failure = predictions.failure;
    file.frame_count = std::ssize(predictions.single);
    mark_unknown_frames(predictions);
    file.content = format_.write(predictions);
    file.note = "probabilities in " + std::string(to_string(stage_.model.precision));
    check(stop);
  }

 private:
  const PredictionsFormat& format_;
  transnet::ClipExtractorOptions stage_;
  LazyModel model_;
  std::optional<Extraction> extraction_;
};

ExitStatus run_predict(const PredictArguments& arguments, const std::stop_token& stop, ProtectedFiles& claimed) {
  if (arguments.format->is_binary && arguments.output == "-" && Output().is_terminal()) {
    throw UsageError(fmt::format("{} is binary: write it to a file with -o, or to a pipe", arguments.format->name));
  }
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, claimed);
  protect_model(arguments.stage, claimed);
  const auto part_file = batch.part_file(arguments.resume, arguments.output);
  const bool overwrites = arguments.overwrites || arguments.resume.is_given || !is_for_each_video(arguments.output);
  VideoDocuments files(
      document_files(arguments.output, "--output", "a file of probabilities", overwrites, batch.inputs(), claimed),
      overwrites);
  Predictor predictor(arguments, batch.shares(), stop);
  if (arguments.resume.is_given) files.resume(arguments.resume, part_file, predictor.settings(), batch.inputs());
  VideoProgress progress(arguments.progress, batch.count_to_do(files, arguments.resume.is_given));
  const auto work = [&](std::size_t number, const std::stop_token& end, VideoDocument& file) {
    predictor.predict(batch.inputs()[number], progress, end, file);
  };
  return batch.run<VideoDocument>(files, stop, work);
}

void add_predictions_format_option(CLI::App& app, const PredictionsFormat*& format) {
  Choices<const PredictionsFormat*> choices;
  for (const auto& one : predictions_formats()) choices.emplace_back(one.name, &one);
  add_choice<const PredictionsFormat*>(app, "--format", format, choices,
                                       "Format of the files (default: by the ending of their names; otherwise text)");
}

/// @throws UsageError
void settle_output(const CLI::App& app, PredictArguments& arguments) {
  if (arguments.output.empty()) arguments.output = "-";
  if (is_given(app, "--output-dir")) refuse_given(app, {"--output"}, "it has no effect with --output-dir");
  if (!arguments.folder.empty() && !is_given(app, "--output")) {
    if (arguments.format == nullptr) arguments.format = &predictions_formats().front();
    arguments.output = (arguments.folder / (std::string(stem_field) + std::string(arguments.format->ending))).native();
  }
  if (arguments.format == nullptr) arguments.format = format_by_name_of(arguments.output);
}

}  // namespace

void add_predict(CLI::App& app, Choice& choice) {
  auto& predict = add_subcommand(app, "predict", "Write the probabilities of every frame of each video");
  const auto arguments = std::make_shared<PredictArguments>();
  add_video_inputs(predict, arguments->inputs);
  add_output_option(predict, arguments->output,
                    "File for the probabilities (default: standard output); with {stem} in the name: one file for each "
                    "video");
  add_folder_pattern_option(
      predict, "--output-dir", arguments->folder,
      "Folder for a file of each video, {stem}.txt or as --format says; it is made if it is missing");
  add_overwrite_option(predict, arguments->overwrites);
  add_predictions_format_option(predict, arguments->format);
  add_resume_options(predict, arguments->resume,
                     "Continue an interrupted run that also had --resume and {stem} in the name of --output");
  add_jobs_option(predict, arguments->jobs);
  add_range_options(predict, arguments->range);
  add_timing_option(predict, arguments->stage.decode);
  add_input_framerate_option(predict, arguments->stage.decode);
  add_profile_option(predict, arguments->stage);
  predict.get_option(profile_option)
      ->description(
          "Writes the probabilities that the profile decides about: accurate sets --model both unless that is "
          "given, and corrects them by a second look at the frames");
  add_extraction_options(predict, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(predict, choice.settle, [&predict, arguments, &choice] {
    settle_output(predict, *arguments);
    settle_range(predict, arguments->range, arguments->stage.decode);
    settle_weights(predict, arguments->stage);
    check_together(arguments->stage);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_predict(*arguments, stop, files);
    };
  });
}

}  // namespace command
