#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "commands/split/cut_options.hpp"
#include "commands/split/split_report.hpp"
#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "io/clip_names.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/clip_finder.hpp"
#include "run/console.hpp"
#include "run/jobs.hpp"
#include "run/model_setup.hpp"
#include "run/progress.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

struct SplitArguments {
  std::vector<fs::path> videos;
  std::vector<fs::path> clips_files;  // at most one; empty: the network finds the clips
  transnet::ClipExtractorOptions stage;
  transnet::CutOptions cut;
  SpanKind what = SpanKind::clips;
  fs::path output_dir = ".";
  std::string name = "{stem}-{index:04}";
  std::string output;
  ReportFormat format = ReportFormat::table;
  ProgressMode progress = ProgressMode::automatic;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: none
};

/// Copies stay in the container of the video. What is encoded goes into MP4, or into Matroska where it comes from
/// there, which holds subtitles and attachments that MP4 does not.
std::string ending(const fs::path& video, transnet::CutMode mode) {
  const auto ending = lower_case(video.extension().native());
  const bool is_matroska = ending == ".mkv" || ending == ".webm";
  if (mode != transnet::CutMode::copy) return is_matroska ? ".mkv" : ".mp4";
  return ending.empty() ? ".mkv" : ending;
}

/// A video is as its worst clip.
void judge(SplitVideo& video) {
  for (const auto status : {Status::failed, Status::partial}) {
    const auto of_status = [status](const SplitClip& clip) { return clip.cut.status == status; };
    const auto worst = std::ranges::find_if(video.clips, of_status);
    if (worst == video.clips.end() || video.status == status) continue;
    video.status = status;
    video.failure = worst->cut.failure;
    return;
  }
}

/// One video of a run.
class SplitJob {
 public:
  SplitJob(const SplitArguments& arguments, const ClipNames& names, ProtectedFiles& files, const ThreadShares& shares)
      : arguments_(arguments), names_(names), files_(files), options_(arguments.cut) {
    options_.decode = arguments.stage.decode;
    options_.decode.threads = shares.threads;
  }

  [[nodiscard]] SplitVideo run(const fs::path& file, ClipFinder& source, const std::stop_token& stop) const {
    SplitVideo video{.video = file.native(), .mode = options_.mode};
    try {
      if (arguments_.clips_files.empty()) check_no_pipe(file, "clips");
      cut(source.clips_of(file, stop), file, stop, video);
    } catch (const std::exception& error) {
      video.failure = failure_of(file, error);
      video.status = Status::failed;
    }
    return video;
  }

 private:
  void cut(const transnet::VideoClips& found, const fs::path& file, const std::stop_token& stop,
           SplitVideo& video) const {
    video.status = found.status;
    video.failure = found.failure;
    video.warnings = found.warnings;
    std::vector<transnet::CutRequest> requests;
    auto entries = entries_to_cut(found, arguments_.what);
    for (const auto& entry : entries) {
      const auto name = names_.name(file, requests.size() + 1, entry) + ending(file, options_.mode);
      requests.push_back(
          {{entry.start_frame, entry.end_frame, entry.start_s, entry.end_s}, arguments_.output_dir / name});
    }
    for (const auto& request : requests) files_.claim(request.file, "clip", "--name");
    auto results = cut_clips(file, requests, options_, stop);
    for (std::size_t i = 0; i < results.size(); ++i) {
      video.clips.push_back({std::move(entries[i]), std::move(results[i])});
    }
    judge(video);
  }

  const SplitArguments& arguments_;
  const ClipNames& names_;
  ProtectedFiles& files_;
  transnet::CutOptions options_;
};

void log_clips(const SplitVideo& video) {
  if (video.failure) log_failure(video.video, video.status, *video.failure);
  for (const auto& [entry, cut] : video.clips) {
    for (const auto& warning : cut.warnings) {
      log(transnet::LogLevel::warning, cut.file.native() + ": " + warning);
    }
  }
}

ExitStatus run_split(const SplitArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const ClipNames names(arguments.name, arguments.videos);
  check_folder(arguments.output_dir);
  files.protect(arguments.videos);
  files.protect(arguments.clips_files);
  if (arguments.clips_files.empty()) protect_model(arguments.stage, files);
  files.claim_output(arguments.output);
  Output output(arguments.output);
  SplitReport report(output, arguments.format);
  const auto shares = share_threads(arguments.stage.model.threads, arguments.jobs, arguments.videos.size());
  ClipFinder source(arguments.clips_files, arguments.stage, shares, arguments.progress, arguments.videos.size(),
                    arguments.cache, stop);
  const SplitJob job(arguments, names, files, shares);
  std::mutex mutex;  // for what follows and the report
  auto exit_status = ExitStatus::complete;
  run_jobs(arguments.videos.size(), shares.jobs, stop, [&](std::size_t number, const std::stop_token& end) {
    auto video = job.run(arguments.videos[number], source, end);
    const std::lock_guard lock(mutex);
    log_clips(video);
    exit_status = combine(exit_status, video.status);
    report.add(number, std::move(video));
  });
  check(stop);
  report.finish(arguments.videos.size());
  output.commit();
  return exit_status;
}

/// A copy has no use for an encoder.
void refuse_encoders(const CLI::App& split) {
  refuse_given(split, {"--video-codec", "--audio-codec", "--crf", "--preset"}, "nothing is encoded with --mode copy");
}

}  // namespace

void add_split(CLI::App& app, Run& run) {
  auto& split = add_subcommand(app, "split", "Cuts the clips of each video out, a file for each");
  const auto arguments = std::make_shared<SplitArguments>();
  add_inputs(split, "VIDEO", arguments->videos, "Video files; - = standard input");
  add_clips_file_option(split, arguments->clips_files);
  add_cut_what_option(split, arguments->what, "What is cut out");
  add_cut_options(split, arguments->cut);
  add_clip_file_options(split, arguments->output_dir, arguments->name);
  add_output_option(split, arguments->output, "Where it is written what was done (default: standard output)");
  add_report_format_option(split, arguments->format);
  add_jobs_option(split, arguments->jobs);
  const auto decisions = add_decision_options(split, arguments->stage);
  const auto extraction = add_extraction_options(split, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(split, [&split, arguments, decisions, extraction, &run] {
    if (!arguments->clips_files.empty()) refuse_decisions(split, decisions, extraction);
    if (arguments->cut.mode == transnet::CutMode::copy) refuse_encoders(split);
    check_together(arguments->stage);
    check_cut_options(arguments->cut);
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_split(*arguments, stop, files);
    };
  });
}

}  // namespace command
