// SPDX-License-Identifier: Apache-2.0
#include "commands/split/split_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/counted.hpp"
#include "commands/split/clip_files.hpp"
#include "commands/split/cut_options.hpp"
#include "options/output_options.hpp"
#include "run/console.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

class SplitFiles : public VideoFiles {
 public:
  SplitFiles(const SplitFilesRequest& request, const Inputs& inputs, bool overwrites, ProtectedFiles& files)
      : folder_(request.folder),
        clip_files_({.folder = request.folder, .cut = {.mode = request.mode, .overwrites = overwrites}}, inputs,
                    "--split", "--split", files) {}

  [[nodiscard]] std::string_view option() const noexcept override { return "split"; }

  [[nodiscard]] Json settings() const override {
    Json settings = clip_files_.settings();
    settings["folder"] = folder_.native();
    return settings;
  }

  void check(std::size_t /*number*/, const fs::path& video, const std::stop_token& stop) const override {
    check_no_pipe(video, "clips");
    (void)clip_files_.ending_of(video, stop);
  }

  [[nodiscard]] std::optional<transnet::Failure> write(const AnalysedVideo& video,
                                                       const std::stop_token& stop) const override {
    const auto clips = clip_files_.cut(video.number, video.file, video.clips, video.what,
                                       clip_files_.ending_of(video.file, stop), video.stage.decode, stop);
    log_warnings(video.clips.video, clips);
    const auto failed = [](const SplitClip& clip) { return clip.cut.status == transnet::Status::failed; };
    const auto written = clips.size() - static_cast<std::size_t>(std::ranges::count_if(clips, failed));
    log(transnet::LogLevel::info,
        fmt::format("{}: {} in {}", video.clips.video, transnet::base::counted(written, "file"),
                    clip_files_.folder(video.number).native()));
    const auto* const worst = worst_of(clips);
    if (worst == nullptr) return std::nullopt;
    return worst->cut.failure;
  }

  void finish() const override { clip_files_.log_hint("--split-mode"); }

 private:
  fs::path folder_;
  ClipFiles clip_files_;
};

}  // namespace

void add_split_files_options(CLI::App& app, SplitFilesRequest& request) {
  add_folder_pattern_option(
      app, "--split", request.folder,
      std::string("Folder for the spans as video files, as by 'transnet split'; ") + folder_pattern_help);
  add_cut_mode_option(app, "--split-mode", request.mode);
}

void check_split_files_options(const CLI::App& app, const SplitFilesRequest& request) {
  if (!request.folder.empty()) return check_cut_options({.mode = request.mode});
  if (is_given(app, "--split")) refuse("--split", "it names no folder");
  refuse_given(app, {"--split-mode"}, "it has no effect without --split");
}

std::unique_ptr<VideoFiles> make_split_files(const SplitFilesRequest& request, const Inputs& inputs, bool overwrites,
                                             ProtectedFiles& files) {
  if (request.folder.empty()) return nullptr;
  return std::make_unique<SplitFiles>(request, inputs, overwrites, files);
}

}  // namespace command
