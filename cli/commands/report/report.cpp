#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "commands/report/report_page.hpp"
#include "commands/report/thumbnail_frames.hpp"
#include "commands/subcommands.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/protected_files.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/console.hpp"
#include "run/extraction.hpp"
#include "run/jobs.hpp"
#include "run/lazy_model.hpp"
#include "run/model_setup.hpp"
#include "run/progress.hpp"
#include "transnet/error.hpp"
#include "transnet/pictures.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

// Sharp on a row of the page, and some 5 kB.
constexpr int thumbnail_width = 160;
constexpr int thumbnail_height = 120;
constexpr int thumbnail_quality = 70;

struct ReportArguments {
  transnet::ClipExtractorOptions stage;
  InputRequest inputs;
  std::string output = "{stem}.report.html";
  fs::path cache;  // empty: there is none
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;  // 0 = as many as there are threads
};

/// The file of each video, claimed. @throws UsageError
std::vector<std::string> report_files(const std::string& output, const Inputs& inputs, ProtectedFiles& claimed) {
  const bool is_for_each = output.find(stem_field) != std::string::npos;
  if (!is_for_each && inputs.videos.size() > 1) {
    throw UsageError(
        fmt::format("a report holds one video and there are {}: with {} in the name of its --output, each "
                    "has a file of its own",
                    inputs.videos.size(), stem_field));
  }
  std::vector<std::string> files;
  for (const auto& video : inputs.videos) {
    files.push_back(file_of_video(output, video));
    claimed.claim_output(files.back());
  }
  if (!is_for_each) return files;
  for (const auto& video : inputs.of_other_shards) claimed.claim_output(file_of_video(output, video));
  return files;
}

/// Adds the pictures; where some cannot be had, a warning says so.
void add_thumbnails(const fs::path& video, const std::stop_token& stop, ReportContent& content) {
  const auto frames = thumbnail_frames(content.predictions, content.options.decision.threshold);
  const transnet::PictureOptions options{
      .max_width = thumbnail_width, .max_height = thumbnail_height, .decode = content.options.decode};
  const auto take = [&content](const transnet::Picture& picture) {
    auto jpeg = encode_picture(picture, transnet::ImageFormat::jpeg, thumbnail_quality);
    content.thumbnails.push_back({picture.frame, picture.width, picture.height, std::move(jpeg)});
  };
  auto& warnings = content.predictions.warnings;
  try {
    const auto report = read_pictures(video, frames, options, take, stop);
    if (!report.error.empty()) warnings.push_back("pictures are missing: " + report.error);
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::cancelled) throw;
    warnings.push_back(std::string("pictures are missing: ") + error.what());
  }
}

std::vector<std::pair<std::string, std::string>> run_facts(const transnet::ClipExtractorOptions& stage,
                                                           const std::string& model_sha256) {
  const bool is_presentation = stage.decode.timing == transnet::Timing::presentation;
  return {{"Stream", stage.decode.stream ? std::to_string(*stage.decode.stream) : "the best"},
          {"Timing", is_presentation ? "presentation" : "constant-rate"},
          {"Frame step", std::to_string(stage.frame_step)},
          {"Decoding", stage.decode.fast ? "fast" : "exact"},
          {"Model", "sha256 " + model_sha256},
          {"Arithmetic", std::string(to_string(stage.model.precision))}};
}

class ReportRun {
 public:
  ReportRun(const ReportArguments& arguments, Inputs inputs, std::stop_token stop)
      : videos_(std::move(inputs.videos)),
        shares_(share_threads(arguments.stage.model.threads, arguments.jobs, videos_.size())),
        stage_(arguments.stage),
        progress_(arguments.progress, videos_.size()) {
    // Any threshold may be tried in the page, so there is none to decide at: the exact numbers.
    stage_.model.precision = precision_for_any_threshold(stage_.model.precision);
    auto& model = model_.emplace(stage_, shares_.jobs, arguments.progress, std::move(stop));
    use_threads(stage_, shares_.threads);
    stage_.log = log;
    extraction_.emplace(stage_, model, arguments.cache);
  }

  [[nodiscard]] ExitStatus run(const std::vector<std::string>& files, const std::stop_token& stop) {
    std::mutex mutex;  // for the status
    auto exit_status = ExitStatus::complete;
    run_jobs(videos_.size(), shares_.jobs, stop, [&](std::size_t video, const std::stop_token& end) {
      const auto status = write_report(videos_[video], files[video], end);
      const std::lock_guard lock(mutex);
      exit_status = combine(exit_status, status);
    });
    return exit_status;
  }

 private:
  Status write_report(const fs::path& video, const std::string& file, const std::stop_token& stop) {
    Output output(file);
    auto status = Status::failed;
    std::string page;
    try {
      auto content = content_of(video, stop);
      if (file != "-") content.source_link = relative_link(video, file);
      page = report_page(content);
      status = content.predictions.status;
      for (const auto& warning : content.predictions.warnings) {
        log(transnet::LogLevel::warning, video.native() + ": " + warning);
      }
      if (const auto& failure = content.predictions.failure) log_failure(video.native(), status, *failure);
    } catch (const std::exception& error) {
      log_failure(video.native(), Status::failed, failure_of(video, error));
      return Status::failed;
    }
    output.write(page);
    check(stop);
    output.commit();
    if (file != "-") log(transnet::LogLevel::info, video.native() + ": report in " + file);
    return status;
  }

  [[nodiscard]] ReportContent content_of(const fs::path& video, const std::stop_token& stop) {
    VideoProgress::Video shown(progress_, video);
    check_no_folder(video);
    check_no_pipe(video);
    ReportContent content{.predictions = extraction_->predict(
                              video, {stop, [&shown](const transnet::Progress& now) { shown.show(now); }}),
                          .options = stage_};
    content.run = run_facts(stage_, model_->sha256());
    add_thumbnails(video, stop, content);
    return content;
  }

  std::vector<fs::path> videos_;
  ThreadShares shares_;
  transnet::ClipExtractorOptions stage_;
  VideoProgress progress_;
  std::optional<LazyModel> model_;
  std::optional<Extraction> extraction_;
};

ExitStatus run_report(const ReportArguments& arguments, const std::stop_token& stop, ProtectedFiles& claimed) {
  auto inputs = find_inputs(arguments.inputs, claimed);
  protect_model(arguments.stage, claimed);
  if (inputs.videos.empty()) log(transnet::LogLevel::info, "there is no video in this part of the run");
  const auto files = report_files(arguments.output, inputs, claimed);
  return ReportRun(arguments, std::move(inputs), stop).run(files, stop);
}

}  // namespace

void add_report(CLI::App& app, Run& run) {
  auto& report = add_subcommand(app, "report", "A page about each video: its shots and clips, and what decides them");
  const auto arguments = std::make_shared<ReportArguments>();
  add_video_inputs(report, arguments->inputs);
  add_output_option(report, arguments->output, "An HTML file; {stem} in its name: one for each video");
  add_jobs_option(report, arguments->jobs);
  add_decision_options(report, arguments->stage);
  add_timing_option(report, arguments->stage.decode);
  add_extraction_options(report, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(report, [arguments, &run] {
    check_together(arguments->stage);
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_report(*arguments, stop, files);
    };
  });
}

}  // namespace command
