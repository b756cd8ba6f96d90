// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "commands/report/report_files.hpp"
#include "commands/subcommands.hpp"
#include "io/inputs.hpp"
#include "io/protected_files.hpp"
#include "io/result_files.hpp"
#include "io/video_documents.hpp"
#include "io/video_names.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/input_options.hpp"
#include "options/output_options.hpp"
#include "options/presets.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/lazy_model.hpp"
#include "run/model_setup.hpp"
#include "run/progress.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  transnet::ClipExtractorOptions stage;
  RangeRequest range;
  SnapRequest snap;
  std::optional<double> threshold;               // empty: the network's
  std::vector<transnet::ModelFile> model_files;  // if they have been read; the run takes them
  InputRequest inputs;
  std::string output = "{stem}.report.html";
  bool overwrites = false;
  fs::path cache;  // empty: there is none
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;  // 0 = as many as there are threads
  ResumeRequest resume;
};

/// Makes pages. Any number of threads may call it at once.
class ReportMaker {
 public:
  ReportMaker(ReportArguments& arguments, const ThreadShares& shares, const SnapLists& snap, std::stop_token stop)
      : stage_(for_any_threshold(arguments.stage)),
        snap_(snap),
        model_(stage_, std::exchange(arguments.model_files, {}), shares.jobs, arguments.progress, std::move(stop)) {
    use_threads(stage_, shares.threads);
    extraction_.emplace(stage_, model_, arguments.cache);
  }

  /// Everything that can change the pages.
  [[nodiscard]] Json settings() {
    Json settings = extraction_settings(stage_, model_.sha256());
    snap_.add_to_settings(settings);
    return settings;
  }

  /// `number`: of the video in its shard; `file`: the future path of the page. @throws transnet::Error
  void make(const InputVideo& video, std::size_t number, const std::string& file, VideoProgress& progress,
            const std::stop_token& stop, VideoDocument& page) {
    ReportContent content{.predictions = predictions_of(video, progress, stop), .options = stage_};
    content.model_sha256 = model_.sha256();
    content.snap = snap_[number];
    content.snap_file = snap_.file();
    const auto& predictions = content.predictions;
    page.status = predictions.status;
    page.failure = predictions.failure;
    page.frame_count = std::ssize(predictions.single);
    for (const auto& warning : predictions.warnings) log_warning(video.name(), warning);
    page.content = page_of(video.file, file, std::move(content), stop);
    if (file != "-") page.note = "report in " + file;
  }

 private:
  [[nodiscard]] transnet::VideoPredictions predictions_of(const InputVideo& video, VideoProgress& progress,
                                                          const std::stop_token& stop) {
    VideoProgress::Video shown(progress, video.name());
    check_no_folder(video);
    check_no_pipe(video.file);
    return extraction_->predict(video.file, video.name(), shown.control(stop));
  }

  transnet::ClipExtractorOptions stage_;
  const SnapLists& snap_;
  LazyModel model_;
  std::optional<Extraction> extraction_;
};

ExitStatus run_report(ReportArguments& arguments, const std::stop_token& stop, ProtectedFiles& claimed) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, claimed);
  protect_model(arguments.stage, claimed);
  const SnapLists snap(arguments.snap, batch.inputs(), claimed);
  const auto part_file = batch.part_file(arguments.resume, arguments.output);
  const bool overwrites = arguments.overwrites || arguments.resume.is_given || !is_for_each_video(arguments.output);
  const auto pages = page_files(arguments.output, "--output", overwrites, batch.inputs(), claimed);
  VideoDocuments files(pages, overwrites);
  ReportMaker maker(arguments, batch.shares(), snap, stop);
  if (arguments.resume.is_given) files.resume(arguments.resume, part_file, maker.settings(), batch.inputs());
  VideoProgress progress(arguments.progress, batch.count_to_do(files, arguments.resume.is_given));
  const auto work = [&](std::size_t number, const std::stop_token& end, VideoDocument& page) {
    maker.make(batch.inputs()[number], number, pages[number], progress, end, page);
  };
  return batch.run<VideoDocument>(files, stop, work);
}

}  // namespace

void add_report(CLI::App& app, Choice& choice) {
  auto& report =
      add_subcommand(app, "report", "Write a page about each video: its shots, its clips and how they were decided");
  const auto arguments = std::make_shared<ReportArguments>();
  add_video_inputs(report, arguments->inputs);
  add_output_option(report, arguments->output, "HTML file to write; with {stem} in the name: one file for each video");
  add_overwrite_option(report, arguments->overwrites);
  add_resume_options(report, arguments->resume,
                     "Continue an interrupted run that also had --resume and {stem} in the name of --output");
  add_jobs_option(report, arguments->jobs);
  add_range_options(report, arguments->range);
  add_preset_option(report);
  add_decision_options(report, arguments->stage, arguments->threshold);
  add_snap_options(report, arguments->snap);
  add_timing_option(report, arguments->stage.decode);
  add_input_framerate_option(report, arguments->stage.decode);
  add_extraction_options(report, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(report, choice.settle, [&report, arguments, &choice] {
    arguments->model_files = settle_threshold(report, arguments->stage, arguments->threshold);
    settle_range(report, arguments->range, arguments->stage.decode);
    check_together(arguments->stage);
    check_snap_options(report, arguments->snap);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_report(*arguments, stop, files);
    };
  });
}

}  // namespace command
