// SPDX-License-Identifier: Apache-2.0
#include "commands/report/report_files.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/report/thumbnail_frames.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "io/video_documents.hpp"
#include "io/video_names.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"
#include "transnet/pictures.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

// Sharp in a row of the page, and about 5 kB.
constexpr int thumbnail_width = 160;
constexpr int thumbnail_height = 120;
constexpr int thumbnail_quality = 70;

/// Adds the pictures. A warning names missing ones, on standard error too.
void add_thumbnails(const fs::path& video, const std::stop_token& stop, ReportContent& content) {
  const auto frames = thumbnail_frames(content.predictions, content.options.decision.threshold);
  const transnet::PictureOptions options{
      .max_width = thumbnail_width, .max_height = thumbnail_height, .decode = content.options.decode};
  const auto take = [&content](const transnet::Picture& picture) {
    auto jpeg = encode_picture(picture, transnet::ImageFormat::jpeg, thumbnail_quality);
    content.thumbnails.push_back({picture.frame, picture.width, picture.height, std::move(jpeg)});
  };
  const auto warn = [&](const std::string& reason) {
    content.predictions.warnings.push_back("pictures are missing: " + reason);
    log_warning(video.native(), content.predictions.warnings.back());
  };
  try {
    const auto report = read_pictures(video, frames, options, take, stop);
    if (!report.error.empty()) warn(report.error);
  } catch (const transnet::Error& error) {
    if (error.code() == transnet::ErrorCode::cancelled) throw;
    warn(error.what());
  }
}

std::vector<std::pair<std::string, std::string>> run_facts(const ReportContent& content) {
  const auto& stage = content.options;
  const bool is_presentation = stage.decode.timing == transnet::Timing::presentation;
  return {{"Stream", stage.decode.stream ? std::to_string(*stage.decode.stream) : "the best"},
          {"Timing", is_presentation ? "presentation" : "constant-rate"},
          {"Frame step", std::to_string(stage.frame_step)},
          {"Decoding", stage.decode.fast ? "fast" : "exact"},
          {"Model", "sha256 " + content.model_sha256},
          {"Arithmetic", std::string(to_string(stage.model.precision))}};
}

class Reports : public VideoFiles {
 public:
  Reports(const std::string& pattern, bool overwrites, const Inputs& inputs, const SnapLists& snap,
          ProtectedFiles& claimed)
      : pattern_(pattern),
        snap_(snap),
        overwrites_(overwrites || !is_for_each_video(pattern)),
        files_(page_files(pattern, "--report", overwrites_, inputs, claimed)) {}

  [[nodiscard]] std::string_view option() const noexcept override { return "report"; }
  [[nodiscard]] Json settings() const override { return {{"file", pattern_}}; }
  [[nodiscard]] bool needs_predictions() const noexcept override { return true; }

  void check(std::size_t number, const fs::path& video, const std::stop_token& /*stop*/) const override {
    check_no_pipe(video);
    const Output writable(files_[number], overwrites_);
  }

  [[nodiscard]] std::optional<transnet::Failure> write(const AnalysedVideo& video,
                                                       const std::stop_token& stop) const override {
    const auto& file = files_[video.number];
    Output output(file, overwrites_);
    ReportContent content{.predictions = *video.predictions, .options = video.stage};
    content.model_sha256 = video.model_sha256;
    content.snap = snap_[video.number];
    content.snap_file = snap_.file();
    output.write(page_of(video.file, file, std::move(content), stop));
    output.commit();
    if (file != "-") log(transnet::LogLevel::info, video.clips.video + ": report in " + file);
    return std::nullopt;
  }

 private:
  std::string pattern_;
  const SnapLists& snap_;
  bool overwrites_;
  std::vector<std::string> files_;
};

}  // namespace

std::vector<std::string> page_files(const std::string& pattern, const std::string& option, bool overwrites,
                                    const Inputs& inputs, ProtectedFiles& claimed) {
  auto files = document_files(pattern, option, "a report", overwrites, inputs, claimed);
  const auto ending = lower_case_ending(pattern);
  if (!is_written_in_place(pattern) && ending != ".html" && ending != ".htm") {
    throw UsageError(option + " " + pattern + ": a page ends in .html");
  }
  return files;
}

std::string page_of(const fs::path& video, const std::string& file, ReportContent content,
                    const std::stop_token& stop) {
  content.file = video;
  content.run = run_facts(content);
  add_thumbnails(video, stop, content);
  if (file != "-") content.source_link = relative_link(video, file);
  return report_page(content);
}

std::unique_ptr<VideoFiles> make_reports(const std::string& pattern, bool overwrites, const Inputs& inputs,
                                         const SnapLists& snap, ProtectedFiles& claimed) {
  if (pattern.empty()) return nullptr;
  return std::make_unique<Reports>(pattern, overwrites, inputs, snap, claimed);
}

}  // namespace command
