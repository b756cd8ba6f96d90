// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/subcommands.hpp"
#include "io/inputs.hpp"
#include "options/image_options.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/clip_images.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/model_setup.hpp"

namespace command {
namespace {

struct ClipsArguments {
  transnet::ClipExtractorOptions stage;
  std::optional<double> threshold;               // empty: the network's
  std::vector<transnet::ModelFile> model_files;  // if they have been read; the run takes them
  InputRequest inputs;
  OutputRequest output;
  ImageRequest images;
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;                 // 0 = as many as there are threads
  std::filesystem::path cache;  // empty: none
};

/// Everything that can change the results of a run.
Json settings_of(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256,
                 const std::optional<ClipImages>& images) {
  Json settings = extraction_settings(stage, model_sha256);
  settings["save-images"] = images ? images->settings() : Json();
  return settings;
}

/// If the user asks for pictures. A resumed run replaces the files that the interrupted run left of a video.
std::optional<ClipImages> make_images(const ClipsArguments& arguments, const Batch& batch, ProtectedFiles& files) {
  if (arguments.images.folder.empty()) return std::nullopt;
  auto request = arguments.images;
  request.overwrites = arguments.output.overwrites || arguments.output.resumes;
  return ClipImages(request, batch.inputs(), files);
}

ExitStatus run_clips(ClipsArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, files);
  protect_model(arguments.stage, files);
  auto output = arguments.output;
  output.keeps_parts = true;
  output.part_name = batch.part_name();
  ResultFiles outputs(output, batch.inputs(), files);
  const auto images = make_images(arguments, batch, files);
  auto stage = arguments.stage;
  if (!arguments.cache.empty()) stage.model.precision = precision_for_any_threshold(stage.model.precision);
  LazyModel model(stage, std::exchange(arguments.model_files, {}), batch.shares().jobs, arguments.progress, stop);
  use_threads(stage, batch.shares().threads);
  stage.log = log;
  Extraction extraction(stage, model, arguments.cache);
  outputs.start(settings_of(stage, model.sha256(), images));
  VideoProgress progress(arguments.progress, batch.count_to_do(outputs, output.resumes));
  const auto work = [&](std::size_t number, const std::stop_token& end, transnet::VideoClips& result) {
    const auto& video = batch.videos()[number];
    VideoProgress::Video shown(progress, video);
    check_no_folder(video);
    if (images) check_no_pipe(video);
    result = extraction.extract(video, batch.name_of(number),
                                {end, [&shown](const transnet::Progress& now) { shown.show(now); }});
    if (images) images->save(number, video, output.what.value_or(SpanKind::clips), stage.decode, end, result);
  };
  return batch.run<transnet::VideoClips>(outputs, stop, work, output.what.value_or(SpanKind::clips));
}

/// Declares `clips` or `shots`. They differ in the options of the decision, which `add_decision` declares.
template <typename AddDecision>
void add_finder(CLI::App& subcommand, const std::shared_ptr<ClipsArguments>& arguments, Run& run,
                AddDecision add_decision) {
  add_video_inputs(subcommand, arguments->inputs);
  add_video_name_option(subcommand, arguments->inputs);
  add_clip_output_options(subcommand, arguments->output);
  add_image_options(subcommand, arguments->images);
  add_resume_option(subcommand, arguments->output.resumes,
                    "Continue an interrupted run that wrote jsonl to a file, or files with {stem} in the name");
  add_jobs_option(subcommand, arguments->jobs);
  add_decision(subcommand, arguments->stage, arguments->threshold);
  add_timing_option(subcommand, arguments->stage.decode);
  add_absolute_times_option(subcommand, arguments->stage);
  add_extraction_options(subcommand, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(subcommand, [&subcommand, arguments, &run] {
    arguments->model_files = settle_threshold(subcommand, arguments->stage, arguments->threshold);
    check_together(arguments->stage);
    check_image_options(subcommand, arguments->images);
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_clips(*arguments, stop, files);
    };
  });
}

}  // namespace

void add_shots(CLI::App& app, Run& run) {
  const auto arguments = std::make_shared<ClipsArguments>();
  arguments->output.what = SpanKind::shots;
  // Formats that hold clips as well get the whole scenes.
  auto& decision = arguments->stage.decision;
  decision.min_length_s = decision.max_length_s = decision.crop_s = 0.0;
  add_finder(add_subcommand(app, "shots", "Find the shots of each video: every frame belongs to one"), arguments, run,
             add_shot_options);
}

void add_clips(CLI::App& app, Run& run) {
  add_finder(add_subcommand(app, "clips", "Find clips for training: parts of shots, cropped, 2 to 10 s long"),
             std::make_shared<ClipsArguments>(), run, add_decision_options);
}

}  // namespace command
