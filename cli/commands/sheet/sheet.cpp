#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "commands/sheet/sheet_writer.hpp"
#include "commands/split/cut_options.hpp"
#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "io/inputs.hpp"
#include "io/output.hpp"
#include "io/result_file.hpp"
#include "options/image_options.hpp"
#include "options/input_options.hpp"
#include "options/options.hpp"
#include "run/batch.hpp"
#include "run/clip_finder.hpp"
#include "run/console.hpp"
#include "run/jobs.hpp"
#include "run/model_setup.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;
using transnet::Status;

struct SheetArguments {
  std::vector<fs::path> videos;
  std::vector<fs::path> clips_files;  // at most one; empty: the network finds the shots
  transnet::ClipExtractorOptions stage;
  SheetRequest sheet;
  SpanKind what = SpanKind::shots;
  std::string output = "{stem}-sheet.jpg";
  ProgressMode progress = ProgressMode::automatic;
  fs::path cache;  // empty: none
};

transnet::ImageFormat format_by_ending(const std::string& file) {
  const auto ending = lower_case(fs::path(file).extension().native());
  if (ending == ".jpeg") return transnet::ImageFormat::jpeg;
  for (const auto format : {transnet::ImageFormat::jpeg, transnet::ImageFormat::png, transnet::ImageFormat::webp}) {
    if (ending == ending_of(format)) return format;
  }
  refuse("--output", file + " must end in .jpg, .jpeg, .png or .webp");
}

/// The files of a run, and where their names are told.
struct SheetFiles {
  ProtectedFiles& claimed;
  Output& names;
};

/// Before any work: each video has a file of its own in a folder that is there, and none is one that is read.
void check_files(const SheetArguments& arguments, const ProtectedFiles& files) {
  std::set<fs::path> outputs;
  for (const auto& video : arguments.videos) {
    const fs::path file = file_of_video(arguments.output, video);
    files.check_output(file.native());
    if (!outputs.insert(identity(file)).second) {
      throw UsageError(fmt::format("--output {}: two videos would have the file {}; {} sets them apart",
                                   arguments.output, file.native(), stem_field));
    }
    check_folder(file.has_parent_path() ? file.parent_path() : ".");
  }
}

Status write_sheet(const SheetArguments& arguments, transnet::VideoClips& found, const fs::path& video,
                   const SheetFiles& files, const std::stop_token& stop) {
  const auto entries = entries_of(found, arguments.what);
  if (entries.empty()) {
    log(transnet::LogLevel::warning, video.native() + ": nothing to show: no sheet is written");
    return found.status;
  }
  SheetWriter writer(arguments.sheet, file_of_video(arguments.output, video), entries, files.claimed, files.names);
  const int side = arguments.sheet.layout.width;
  const auto report = transnet::read_pictures(
      video, writer.frames(), {.max_width = side, .max_height = side, .decode = arguments.stage.decode},
      [&writer](const transnet::Picture& picture) { writer.add(picture); }, stop);
  writer.finish();
  if (report.error.empty()) return found.status;
  const auto message = video.native() + ": pictures are missing: " + report.error;
  if (report.frame_count == 0) throw transnet::Error(report.error_code, message);
  if (found.status == Status::complete) found.failure = transnet::Failure{report.error_code, message};
  return Status::partial;
}

Status make_sheet(const SheetArguments& arguments, ClipFinder& source, const fs::path& video, const SheetFiles& files,
                  const std::stop_token& stop) {
  std::optional<transnet::Failure> failure;
  auto status = Status::failed;
  try {
    const fs::path file = file_of_video(arguments.output, video);
    std::error_code ignored;
    const bool is_there = !arguments.sheet.overwrites && fs::exists(fs::symlink_status(file, ignored));
    if (is_there) fail_to_write(file.native(), EEXIST);
    if (arguments.clips_files.empty()) check_no_pipe(video);
    auto found = source.clips_of(video, stop);
    if (found.status != Status::failed) status = write_sheet(arguments, found, video, files, stop);
    failure = found.failure;
  } catch (const std::exception& error) {
    failure = failure_of(video, error);
    status = Status::failed;
  }
  if (failure) log_failure(video.native(), status, *failure);
  return status;
}

ExitStatus run_sheet(const SheetArguments& arguments, const std::stop_token& stop, ProtectedFiles& files) {
  files.protect(arguments.videos);
  files.protect(arguments.clips_files);
  if (arguments.clips_files.empty()) protect_model(arguments.stage, files);
  check_files(arguments, files);
  const auto shares = share_threads(arguments.stage.model.threads, 1, arguments.videos.size());
  ClipFinder source(arguments.clips_files, arguments.stage, shares, arguments.progress, arguments.videos.size(),
                    arguments.cache, stop);
  Output names;
  auto exit_status = ExitStatus::complete;
  for (const auto& video : arguments.videos) {
    check(stop);
    exit_status = combine(exit_status, make_sheet(arguments, source, video, {files, names}, stop));
  }
  check(stop);
  return exit_status;
}

void add_sheet_options(CLI::App& app, SheetArguments& arguments) {
  constexpr int most = 1000;
  auto& layout = arguments.sheet.layout;
  add_bounded_number(app, "--columns", layout.columns, 1, most, "Thumbnails in a row");
  add_bounded_number(app, "--rows", layout.rows, 1, most, "Rows of a page at most; what is more goes on further pages");
  add_bounded_number(app, "--width", layout.width, min_thumbnail_width, 4096, "Of a thumbnail, pixels");
  add_image_quality_option(app, "--quality", arguments.sheet.quality);
  add_overwrite_option(app, arguments.sheet.overwrites, "Replace files that are there already");
}

/// What the ending of the file asks for.
void settle_format(SheetArguments& arguments) {
  auto& sheet = arguments.sheet;
  sheet.format = format_by_ending(arguments.output);
  check_image_format("--output", sheet.format);
  if (rows_of_page(sheet.layout, max_image_side(sheet.format)) > 0) return;
  refuse("--columns", fmt::format("{} thumbnails of {} pixels are wider than {}, which takes {}", sheet.layout.columns,
                                  sheet.layout.width, to_string(sheet.format), max_image_side(sheet.format)));
}

}  // namespace

void add_sheet(CLI::App& app, Run& run) {
  auto& sheet = add_subcommand(app, "sheet", "A contact sheet of each video: a picture of every shot");
  const auto arguments = std::make_shared<SheetArguments>();
  add_inputs(sheet, "VIDEO", arguments->videos, "Video files");
  add_output_option(sheet, arguments->output, "Where it is written: .jpg, .png or .webp; {stem}: name of the video");
  add_clips_file_option(sheet, arguments->clips_files);
  add_cut_what_option(sheet, arguments->what, "What is shown");
  add_sheet_options(sheet, *arguments);
  const auto decisions = add_decision_options(sheet, arguments->stage);
  add_timing_option(sheet, arguments->stage.decode);
  const auto extraction = add_extraction_options(sheet, arguments->stage, arguments->cache, arguments->progress);
  when_chosen(sheet, [&sheet, arguments, decisions, extraction, &run] {
    if (!arguments->clips_files.empty()) refuse_decisions(sheet, decisions, extraction);
    check_together(arguments->stage);
    settle_format(*arguments);
    run = [arguments](const std::stop_token& stop, ProtectedFiles& files) {
      return run_sheet(*arguments, stop, files);
    };
  });
}

}  // namespace command
