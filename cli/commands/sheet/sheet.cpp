// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "commands/sheet/sheet_files.hpp"
#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "io/done_videos.hpp"
#include "io/in_order.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/result_files.hpp"
#include "io/video_names.hpp"
#include "options/decision_options.hpp"
#include "options/decoding_options.hpp"
#include "options/found_clips_options.hpp"
#include "options/image_options.hpp"
#include "options/input_options.hpp"
#include "options/option_kinds.hpp"
#include "options/output_options.hpp"
#include "options/presets.hpp"
#include "options/range_options.hpp"
#include "options/run_options.hpp"
#include "options/snap_options.hpp"
#include "run/batch.hpp"
#include "run/clip_finder.hpp"
#include "run/model_setup.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

struct SheetArguments {
  InputRequest inputs;
  std::vector<fs::path> clips_files;  // at most one; empty: the network finds the shots
  transnet::ClipExtractorOptions stage;
  RangeRequest range;
  SnapRequest snap;
  std::optional<double> threshold;               // empty: the network's
  std::vector<transnet::ModelFile> model_files;  // if they have been read; the run takes them
  SheetRequest sheet;
  SpanKind what = SpanKind::shots;
  std::string output = "{stem}-sheet.jpg";
  ProgressMode progress = ProgressMode::automatic;
  ResumeRequest resume;
  int jobs = 0;    // 0 = as many as there are threads
  fs::path cache;  // empty: none
};

/// The sheet of one video.
struct Sheet {
  std::string video;
  Status status = Status::complete;
  std::optional<transnet::Failure> failure;
  std::vector<std::string> pages;  // the pages written so far
};

/// Prints the names of pages in the order of the videos. Any number of threads may pass names.
class PageNames {
 public:
  /// Continues with the existing sheets, if any. `inputs` must outlive this. `sheets`: the file of each video.
  /// @throws UsageError, transnet::Error as `ResumeJournal`; transnet::Error if such a page is now an input.
  void resume(const ResumeRequest& request, const std::string& part_file, const Json& settings, const Inputs& inputs,
              const std::vector<std::string>& sheets, ProtectedFiles& files) {
    done_.start(part_file, settings, request, inputs, sheets);
    for (std::size_t video = 0; video < inputs.size(); ++video) {
      if (!done_.status(video)) continue;
      const auto cells = split_cells(done_.text(video));
      const std::vector<fs::path> pages(cells.begin(), cells.end());
      if (!take_files_of_done(pages, "sheet", "--output", files)) {
        done_.forget(video);
        continue;
      }
      for (const auto& page : pages) tell(video, page);
      in_order_.end(video);
    }
  }

  [[nodiscard]] std::optional<Status> done(std::size_t video) const { return done_.status(video); }
  [[nodiscard]] std::span<const std::size_t> changed() const { return done_.changed(); }
  void begin(std::size_t video) { done_.begin(video); }

  void tell(std::size_t video, const fs::path& page) {
    const std::lock_guard lock(mutex_);
    in_order_.add(video, printable(page.native()) + "\n");
  }

  /// The video has no further pages.
  void add(std::size_t video, const Sheet& sheet) {
    done_.add(video, sheet.status, join_cells(sheet.pages));
    const std::lock_guard lock(mutex_);
    in_order_.end(video);
  }

  void finish() { done_.finish(); }

 private:
  DoneVideos done_;  // with the page names of each video
  Output output_;
  std::mutex mutex_;  // guards the members below
  InOrder<std::string> in_order_{[this](const std::string& line) { output_.write(line); }};
};

/// Finds the shots of videos and draws them. Any number of threads may call it at once.
class SheetMaker {
 public:
  /// All except `batch` must outlive it. @throws transnet::Error as `ClipFinder`.
  SheetMaker(SheetArguments& arguments, const Batch& batch, const SheetFiles& sheets, PageNames& names,
             const SnapLists& snap, const std::stop_token& stop)
      : arguments_(arguments),
        sheets_(sheets),
        names_(names),
        decode_(arguments.stage.decode),
        source_(arguments.clips_files, arguments.stage, std::exchange(arguments.model_files, {}), batch.shares(),
                arguments.progress, batch.inputs().all.size(), arguments.cache, stop),
        snap_(snap) {
    decode_.threads = batch.shares().threads;
  }

  /// Everything that can change the sheets.
  [[nodiscard]] Json settings() {
    Json settings = source_.settings();
    settings.update(sheets_.settings());
    settings["what"] = to_string(arguments_.what);
    snap_.add_to_settings(settings);
    return settings;
  }

  void make(std::size_t number, const InputVideo& video, VideoProgress& progress, const std::stop_token& stop,
            Sheet& sheet) {
    check_no_folder(video);
    sheets_.check(number);
    if (arguments_.clips_files.empty()) check_no_pipe(video.file);
    const auto found = source_.clips_of(video, arguments_.what, progress, stop, snap_[number]);
    sheet.status = found.status;
    sheet.failure = found.failure;
    if (found.status == Status::failed) return;
    auto missing = sheets_.write(number, found, arguments_.what, video.file, decode_, stop, [&](const fs::path& page) {
      sheet.pages.push_back(page.native());
      names_.tell(number, page);
    });
    if (!missing) return;
    if (found.status == Status::complete) sheet.failure = std::move(missing);
    sheet.status = Status::partial;
  }

 private:
  const SheetArguments& arguments_;
  const SheetFiles& sheets_;
  PageNames& names_;
  transnet::DecodeOptions decode_;
  ClipFinder source_;
  const SnapLists& snap_;
};

ExitStatus run_sheet(SheetArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  const Batch batch(arguments.inputs, arguments.jobs, arguments.stage.model.threads, files);
  files.protect(arguments.clips_files);
  if (arguments.clips_files.empty()) protect_model(arguments.stage, files);
  const SnapLists snap(arguments.snap, batch.inputs(), files);
  auto request = arguments.sheet;
  // The interrupted run may have left some pages of a video.
  request.overwrites = request.overwrites || arguments.resume.is_given;
  const SheetFiles sheets(request, arguments.output, "--output", batch.inputs(), files);
  const auto part_file = batch.part_file(arguments.resume, arguments.output);
  PageNames names;
  SheetMaker maker(arguments, batch, sheets, names, snap, stop);
  if (arguments.resume.is_given)
    names.resume(arguments.resume, part_file, maker.settings(), batch.inputs(), sheets.files(), files);
  VideoProgress progress(arguments.progress, batch.count_to_do(names, arguments.resume.is_given));
  const auto work = [&](std::size_t number, const std::stop_token& end, Sheet& sheet) {
    maker.make(number, batch.inputs()[number], progress, end, sheet);
  };
  return batch.run<Sheet>(names, stop, work);
}

void add_sheet_options(CLI::App& app, SheetArguments& arguments) {
  constexpr int most = 1000;
  auto& layout = arguments.sheet.layout;
  add_bounded_number(app, "--columns", layout.columns, 1, most, "Thumbnails in a row");
  add_bounded_number(app, "--rows", layout.rows, 1, most, "Rows on a page at most; more rows go on further pages");
  add_bounded_number(app, "--width", layout.width, min_thumbnail_width, 4096, "Width of a thumbnail, pixels");
  add_choice<SheetPaper>(app, "--paper", layout.paper,
                         choices_of<SheetPaper>({SheetPaper::none, SheetPaper::a4, SheetPaper::a3, SheetPaper::letter}),
                         "Pages to print, at 300 pixels per inch");
  add_choice<SheetTheme>(app, "--theme", layout.theme, choices_of<SheetTheme>({SheetTheme::dark, SheetTheme::light}),
                         "Colours of a page");
  add_image_quality_option(app, "--quality", arguments.sheet.quality);
  add_overwrite_option(app, arguments.sheet.overwrites);
}

}  // namespace

void add_sheet(CLI::App& app, Choice& choice) {
  auto& sheet = add_subcommand(app, "sheet", "Write a contact sheet of each video: a picture of every clip or shot");
  const auto arguments = std::make_shared<SheetArguments>();
  add_video_inputs(sheet, arguments->inputs);
  add_output_option(sheet, arguments->output,
                    "File to write (.jpg, .png or .webp); with {stem} in the name: one file for each video");
  add_clips_file_option(sheet, arguments->clips_files);
  add_clip_or_shot_option(sheet, arguments->what, "Spans to show");
  add_sheet_options(sheet, *arguments);
  add_resume_options(sheet, arguments->resume,
                     "Continue an interrupted run that also had --resume and {stem} in the name of --output");
  add_jobs_option(sheet, arguments->jobs);
  const auto decisions = names_of_added(sheet, [&] {
    add_range_options(sheet, arguments->range);
    add_preset_option(sheet);
    add_decision_options(sheet, arguments->stage, arguments->threshold);
    add_snap_options(sheet, arguments->snap);
  });
  add_timing_option(sheet, arguments->stage.decode);
  add_input_framerate_option(sheet, arguments->stage.decode);
  const auto extraction = add_extraction_options(sheet, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(sheet, choice.settle, [&sheet, arguments, decisions, extraction, &choice] {
    if (!arguments->clips_files.empty()) refuse_decisions(sheet, "--clips", decisions, extraction);
    arguments->model_files = settle_threshold(sheet, arguments->stage, arguments->threshold);
    settle_range(sheet, arguments->range, arguments->stage.decode);
    check_together(arguments->stage);
    check_snap_options(sheet, arguments->snap);
    if (arguments->sheet.layout.paper != SheetPaper::none) {
      refuse_given(sheet, {"--width"}, "it has no effect with --paper, which fits --columns to the page");
    }
    arguments->sheet.format = sheet_format("--output", arguments->output, arguments->sheet.layout);
    arguments->sheet.overwrites = arguments->sheet.overwrites || !is_for_each_video(arguments->output);
    choice.run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_sheet(*arguments, stop, files);
    };
  });
}

}  // namespace command
