// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/report/report_files.hpp"
#include "commands/sheet/sheet_files.hpp"
#include "commands/split/split_files.hpp"
#include "commands/subcommands.hpp"
#include "io/inputs.hpp"
#include "io/video_names.hpp"
#include "options/clip_format_options.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/image_options.hpp"
#include "options/input_options.hpp"
#include "options/output_options.hpp"
#include "options/presets.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "run/batch.hpp"
#include "run/clip_images.hpp"
#include "run/extraction.hpp"
#include "run/model_setup.hpp"
#include "run/video_files.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

struct ClipsArguments {
  transnet::ClipExtractorOptions stage;
  RangeRequest range;
  SnapRequest snap;
  std::optional<double> threshold;               // empty: the network's
  std::vector<transnet::ModelFile> model_files;  // if they have been read; the run takes them
  InputRequest inputs;
  OutputRequest output;
  ImageRequest images;
  SplitFilesRequest split;
  SheetRequest sheet;
  std::string sheet_file;   // a pattern; empty: none
  std::string report_file;  // the same
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: none
};

/// Everything that can change the results of a run.
Json settings_of(const transnet::ClipExtractorOptions& stage, const std::string& model_sha256, const SnapLists& snap,
                 const std::vector<std::unique_ptr<VideoFiles>>& more) {
  Json settings = extraction_settings(stage, model_sha256);
  snap.add_to_settings(settings);
  for (const auto& kind : more) settings[std::string(kind->option())] = kind->settings();
  return settings;
}

/// The files that the user asks for beside the results. A resumed run replaces the files that the interrupted run left
/// of a video.
std::vector<std::unique_ptr<VideoFiles>> make_more_files(const ClipsArguments& arguments, const Inputs& inputs,
                                                         const SnapLists& snap, ProtectedFiles& files) {
  const bool overwrites = arguments.output.overwrites || arguments.output.resume.is_given;
  std::vector<std::unique_ptr<VideoFiles>> more;
  if (!arguments.images.folder.empty()) {
    auto images = arguments.images;
    images.overwrites = overwrites;
    more.push_back(std::make_unique<ClipImages>(images, inputs, files));
  }
  auto sheet = arguments.sheet;
  sheet.overwrites = overwrites || !is_for_each_video(arguments.sheet_file);
  more.push_back(make_sheets(sheet, arguments.sheet_file, inputs, files));
  more.push_back(make_reports(arguments.report_file, overwrites, inputs, snap, files));
  more.push_back(make_split_files(arguments.split, inputs, overwrites, files));
  std::erase(more, nullptr);
  return more;
}

/// The network's answers for a video and the clips that they give.
struct Found {
  std::optional<transnet::VideoPredictions> predictions;  // if they were asked for
  transnet::VideoClips clips;
};

Found find(Extraction& extraction, const InputVideo& video, SpanKind what, bool needs_predictions,
           const transnet::BorderSnap& snap, const transnet::RunControl& control) {
  if (!needs_predictions) return {std::nullopt, extraction.extract(video.file, video.name(), what, control, snap)};
  auto predictions = extraction.predict(video.file, video.name(), control);
  auto clips = extraction.clips_of(predictions, what, snap);
  return {std::move(predictions), std::move(clips)};
}

ExitStatus run_clips(ClipsArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, files);
  protect_model(arguments.stage, files);
  const SnapLists snap(arguments.snap, batch.inputs(), files);
  auto output = arguments.output;
  output.keeps_parts = true;
  output.part_name = batch.part_name();
  ResultFiles outputs(output, batch.inputs(), files);
  const auto more = make_more_files(arguments, batch.inputs(), snap, files);
  const bool needs_predictions = std::ranges::any_of(more, &VideoFiles::needs_predictions);
  // A report and a cache hold probabilities that must serve any threshold.
  const bool serves_any = needs_predictions || !arguments.cache.empty();
  auto stage = serves_any ? for_any_threshold(arguments.stage) : arguments.stage;
  LazyModel model(stage, std::exchange(arguments.model_files, {}), batch.shares().jobs, arguments.progress, stop);
  use_threads(stage, batch.shares().threads);
  Extraction extraction(stage, model, arguments.cache);
  auto facts = extraction.made_by();
  arguments.snap.add_to_options(facts.options);
  outputs.start(facts, settings_of(stage, model.sha256(), snap, more));
  VideoProgress progress(arguments.progress, batch.count_to_do(outputs, output.resume.is_given));
  const auto what = output.what.value_or(SpanKind::clips);  // in the files beside the results, too
  const auto wanted = more.empty() ? outputs.what() : what;
  const auto work = [&](std::size_t number, const std::stop_token& end, transnet::VideoClips& result) {
    const auto& video = batch.inputs()[number];
    VideoProgress::Video shown(progress, video.name());
    check_no_folder(video);
    for (const auto& kind : more) kind->check(number, video.file, end);
    auto found = find(extraction, video, wanted, needs_predictions, snap[number], shown.control(end));
    outputs.check(found.clips);
    result = std::move(found.clips);
    write_files(
        more,
        {number, video.file, what, stage, model.sha256(), found.predictions ? &*found.predictions : nullptr, result},
        end, result);
  };
  const auto status = batch.run<transnet::VideoClips>(outputs, stop, work, what);
  for (const auto& kind : more) kind->finish();
  return status;
}

void add_more_files_options(CLI::App& app, ClipsArguments& arguments) {
  add_split_files_options(app, arguments.split);
  add_output_pattern_option(app, "--sheet", arguments.sheet_file,
                            "Contact sheet to write (.jpg, .png or .webp), as by 'transnet sheet'");
  add_output_pattern_option(app, "--report", arguments.report_file, "HTML page to write, as by 'transnet report'");
  add_image_options(app, arguments.images);
}

void check_more_files_options(const CLI::App& app, ClipsArguments& arguments) {
  check_format_options(app, arguments.output);
  check_image_options(app, arguments.images);
  check_split_files_options(app, arguments.split);
  check_snap_options(app, arguments.snap);
  if (arguments.sheet_file.empty()) return;
  arguments.sheet.format = sheet_format("--sheet", arguments.sheet_file, arguments.sheet.layout);
}

/// Declares `clips` or `shots`. They differ in the options of the decision, which `add_decision` declares.
template <typename AddDecision>
void add_finder(CLI::App& subcommand, const std::shared_ptr<ClipsArguments>& arguments, Choice& choice,
                AddDecision add_decision) {
  add_video_inputs(subcommand, arguments->inputs);
  add_video_name_option(subcommand, arguments->inputs);
  add_range_options(subcommand, arguments->range);
  add_clip_output_options(subcommand, arguments->output);
  add_more_files_options(subcommand, *arguments);
  add_resume_options(subcommand, arguments->output.resume,
                     "Continue an interrupted run that wrote jsonl to a file, or files with {stem} in the name");
  add_jobs_option(subcommand, arguments->jobs);
  add_preset_option(subcommand);
  add_decision(subcommand, arguments->stage, arguments->threshold);
  add_snap_options(subcommand, arguments->snap);
  add_timing_option(subcommand, arguments->stage.decode);
  add_input_framerate_option(subcommand, arguments->stage.decode);
  add_absolute_times_option(subcommand, arguments->stage);
  add_extraction_options(subcommand, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(subcommand, choice.settle, [&subcommand, arguments, &choice] {
    arguments->model_files = settle_threshold(subcommand, arguments->stage, arguments->threshold);
    settle_range(subcommand, arguments->range, arguments->stage.decode);
    check_together(arguments->stage);
    check_more_files_options(subcommand, *arguments);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_clips(*arguments, stop, files);
    };
  });
}

}  // namespace

void add_shots(CLI::App& app, Choice& choice) {
  const auto arguments = std::make_shared<ClipsArguments>();
  arguments->output.what = SpanKind::shots;
  // Formats that hold clips as well get the whole scenes.
  auto& decision = arguments->stage.decision;
  decision.min_length_s = decision.max_length_s = decision.crop_s = 0.0;
  add_finder(add_subcommand(app, "shots", "Find the shots of each video: every frame belongs to one"), arguments,
             choice, add_shot_options);
}

void add_clips(CLI::App& app, Choice& choice) {
  add_finder(add_subcommand(app, "clips", "Find clips for training: parts of shots, cropped, 2 to 10 s long"),
             std::make_shared<ClipsArguments>(), choice, add_decision_options);
}

}  // namespace command
