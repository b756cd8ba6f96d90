// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "commands/split/clip_files.hpp"
#include "commands/split/cut_options.hpp"
#include "commands/split/listed_shots.hpp"
#include "commands/split/split_report.hpp"
#include "commands/subcommands.hpp"
#include "decision/no_clip.hpp"
#include "formats/text.hpp"
#include "io/clip_names.hpp"
#include "io/done_videos.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/result_files.hpp"
#include "io/video_names.hpp"
#include "options/clip_format_options.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/found_clips_options.hpp"
#include "options/input_options.hpp"
#include "options/output_options.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "run/batch.hpp"
#include "run/clip_finder.hpp"
#include "run/model_setup.hpp"
#include "run/progress.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

struct SplitArguments {
  InputRequest inputs;
  std::vector<fs::path> clips_files;  // at most one
  ListedShotsRequest list;            // without both, the network finds the clips
  transnet::ClipExtractorOptions stage;
  RangeRequest range;
  SnapRequest snap;
  std::optional<double> threshold;               // empty: the network's
  std::vector<transnet::ModelFile> model_files;  // if they have been read; the run takes them
  ClipFilesRequest files;
  SpanKind what = SpanKind::clips;
  std::string output;
  ReportFormat format = ReportFormat::table;
  ProgressMode progress = ProgressMode::automatic;
  ResumeRequest resume;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: none
};

/// A video has the status of its worst clip.
void judge(SplitVideo& video) {
  const auto* const worst = worst_of(video.clips);
  if (worst == nullptr || video.status == Status::failed || video.status == worst->cut.status) return;
  video.status = worst->cut.status;
  video.failure = worst->cut.failure;
}

/// Finds and cuts the clips of videos. Any number of threads may call it at once.
class Splitter {
 public:
  /// All except `stop` must outlive it. @throws transnet::Error as `ClipFinder` and `ListedShots`.
  Splitter(SplitArguments& arguments, const Batch& batch, const ClipFiles& clip_files, const SnapLists& snap,
           ProtectedFiles& files, const std::stop_token& stop)
      : arguments_(arguments), clip_files_(clip_files), snap_(snap), decode_(arguments.stage.decode) {
    decode_.threads = batch.shares().threads;
    if (!arguments.list.file.empty()) {
      list_.emplace(arguments.list, decode_, batch.inputs(), files);
    } else {
      finder_.emplace(arguments.clips_files, arguments.stage, std::exchange(arguments.model_files, {}), batch.shares(),
                      arguments.progress, batch.inputs().all.size(), arguments.cache, stop);
    }
  }

  /// Everything that can change the files or the report.
  [[nodiscard]] Json settings() {
    Json settings = list_ ? list_->settings() : finder_->settings();
    settings.update(clip_files_.settings());
    settings["what"] = to_string(arguments_.what);
    snap_.add_to_settings(settings);
    settings["format"] = to_string(arguments_.format);
    return settings;
  }

  void split(std::size_t number, const InputVideo& input, VideoProgress& progress, const std::stop_token& stop,
             SplitVideo& video) {
    const auto& file = input.file;
    video.mode = clip_files_.options().mode;
    check_no_folder(input);
    if (arguments_.clips_files.empty()) check_no_pipe(file, "clips");
    // Before the analysis, which takes long: a video that cannot be copied is known at once.
    const auto ending = clip_files_.ending_of(file, stop);
    const auto found = list_ ? list_->shots_of(number, input, progress, stop)
                             : finder_->clips_of(input, arguments_.what, progress, stop, snap_[number]);
    video.status = found.status;
    video.failure = found.failure;
    video.warnings = found.warnings;
    if (arguments_.what != SpanKind::clips) {
      std::erase_if(video.warnings, [](const auto& warning) { return warning.starts_with(transnet::no_clip); });
    }
    video.clips = clip_files_.cut(number, file, found, arguments_.what, ending, decode_, stop);
    judge(video);
  }

 private:
  const SplitArguments& arguments_;
  const ClipFiles& clip_files_;
  const SnapLists& snap_;
  std::optional<ClipFinder> finder_;
  std::optional<ListedShots> list_;  // in place of the finder
  transnet::DecodeOptions decode_;
};

/// Writes the report about all cut files.
class SplitOutput {
 public:
  SplitOutput(const std::string& file, ReportFormat format, std::size_t video_count)
      : output_(file), report_(output_, format), video_count_(video_count) {}

  /// Continues with the existing clips, if any. `inputs` must outlive this. `names`: an example of each video.
  /// @throws UsageError, transnet::Error as `ResumeJournal`; transnet::Error if such a clip is now an input.
  void resume(const ResumeRequest& request, const fs::path& part_file, const Json& settings, const Inputs& inputs,
              const std::vector<std::string>& names, ProtectedFiles& files) {
    done_.start(part_file, settings, request, inputs, names);
    for (std::size_t video = 0; video < inputs.size(); ++video) {
      if (!done_.status(video)) continue;
      auto cells = split_cells(done_.text(video));
      const std::vector<fs::path> clips(cells.empty() ? cells.end() : std::next(cells.begin()), cells.end());
      if (!cells.empty() && take_files_of_done(clips, "clip", "--name", files)) {
        report_.add(video, std::move(cells.front()));
      } else {
        done_.forget(video);
      }
    }
  }

  [[nodiscard]] std::optional<Status> done(std::size_t video) const { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const { return done_.changed(); }
  void begin(std::size_t video) { done_.begin(video); }

  void add(std::size_t number, const SplitVideo& video) {
    std::vector<std::string> cells{report_.text_of(video)};
    for (const auto& clip : video.clips) {
      if (clip.cut.status != Status::failed) cells.push_back(clip.cut.file.native());
    }
    log_warnings(video.video, video.clips);
    done_.add(number, video.status, join_cells(cells));
    report_.add(number, std::move(cells.front()));
  }

  void finish() {
    report_.finish(video_count_);
    output_.commit();
    done_.finish();
  }

 private:
  DoneVideos done_;  // with the report on each video and the names of its clips
  Output output_;
  SplitReport report_;
  std::size_t video_count_;
};

ExitStatus run_split(SplitArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, files);
  files.protect(arguments.clips_files);
  if (arguments.clips_files.empty() && arguments.list.file.empty()) protect_model(arguments.stage, files);
  const SnapLists snap(arguments.snap, batch.inputs(), files);
  files.claim_output(arguments.output);
  auto request = arguments.files;
  // The interrupted run may have left some clips of a video.
  request.cut.overwrites = request.cut.overwrites || arguments.resume.is_given;
  const ClipFiles clip_files(request, batch.inputs(), "--output-dir", "--name", files);
  SplitOutput output(arguments.output, arguments.format, batch.inputs().size());
  Splitter splitter(arguments, batch, clip_files, snap, files, stop);
  const auto part_file = is_for_each_video(request.folder.native())
                             ? fs::path(part_file_of((request.folder / request.name).native(), batch.part_name()))
                             : request.folder / (request.name + batch.part_name() + ".part");
  if (arguments.resume.is_given) {
    output.resume(arguments.resume, part_file, splitter.settings(), batch.inputs(), clip_files.examples(), files);
  } else {
    remove_record(part_file);
  }
  VideoProgress progress(arguments.progress, batch.count_to_do(output, arguments.resume.is_given));
  const auto work = [&](std::size_t number, const std::stop_token& end, SplitVideo& video) {
    splitter.split(number, batch.inputs()[number], progress, end, video);
  };
  const auto status = batch.run<SplitVideo>(output, stop, work, arguments.what);
  clip_files.log_hint("--mode");
  return status;
}

/// A copy uses no encoder.
void refuse_encoders(const CLI::App& split) {
  refuse_given(split, {"--video-codec", "--audio-codec", "--crf", "--preset", "--encoder-option"},
               "--mode copy encodes nothing");
}

void add_list_options(CLI::App& split, ListedShotsRequest& list) {
  add_file_option(split, "--shots", list.file,
                  "List whose shots to cut, edited or not: csv, json, jsonl, edl or otio; with {stem} in the name: one "
                  "list for each video. The network does not run");
  add_start_timecode_option(split, list.start_timecode,
                            "With --shots FILE.edl or .otio, timecode of the first frame (default: the source's)");
}

/// The shots of a list take the place of a decision, and have a kind of their own except in results of 'clips'.
void settle_list(const CLI::App& split, SplitArguments& arguments) {
  auto& list = arguments.list;
  if (list.file.empty()) return refuse_given(split, {"--start-timecode"}, "it has no effect without --shots");
  refuse_given(split, {"--clips"}, "--shots names the spans to cut");
  const auto kind = kind_of_shot_list(list.file);
  if (kind != ShotListKind::timeline) {
    refuse_given(split, {"--start-timecode"}, "it has no effect with this list, which counts frames");
  }
  if (kind != ShotListKind::result) {
    refuse_given(split, {"--what"}, "it has no effect with this list, which has shots alone");
  }
  list.what = is_given(split, "--what") ? arguments.what : SpanKind::shots;
  arguments.what = SpanKind::shots;
}

}  // namespace

void add_split(CLI::App& app, Choice& choice) {
  auto& split = add_subcommand(app, "split", "Cut the clips of each video into files");
  const auto arguments = std::make_shared<SplitArguments>();
  add_video_inputs(split, arguments->inputs);
  add_clips_file_option(split, arguments->clips_files);
  add_list_options(split, arguments->list);
  add_clip_or_shot_option(split, arguments->what, "Spans to cut out");
  add_cut_options(split, arguments->files.cut);
  add_container_option(split, arguments->files.container);
  add_clip_file_options(split, arguments->files.folder, arguments->files.name);
  add_output_option(split, arguments->output, "File for the list of the cut files (default: standard output)");
  add_report_format_option(split, arguments->format);
  add_resume_options(split, arguments->resume,
                     "Continue an interrupted run that also had --resume; clips of unfinished videos are replaced");
  add_jobs_option(split, arguments->jobs);
  const auto decisions = names_of_added(split, [&] {
    add_range_options(split, arguments->range);
    add_decision_options(split, arguments->stage, arguments->threshold);
    add_snap_options(split, arguments->snap);
  });
  add_input_framerate_option(split, arguments->stage.decode);
  const auto extraction = add_extraction_options(split, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(split, choice.settle, [&split, arguments, decisions, extraction, &choice] {
    settle_list(split, *arguments);
    if (!arguments->list.file.empty()) refuse_decisions(split, "--shots", decisions, extraction);
    if (!arguments->clips_files.empty()) refuse_decisions(split, "--clips", decisions, extraction);
    if (arguments->files.cut.mode == transnet::CutMode::copy) refuse_encoders(split);
    arguments->model_files = settle_threshold(split, arguments->stage, arguments->threshold);
    settle_range(split, arguments->range, arguments->stage.decode);
    check_together(arguments->stage);
    check_snap_options(split, arguments->snap);
    check_cut_options(arguments->files.cut);
    check_container(arguments->files.container, arguments->files.cut);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_split(*arguments, stop, files);
    };
  });
}

}  // namespace command
