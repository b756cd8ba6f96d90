// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/sheet_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "formats/text.hpp"
#include "io/output.hpp"
#include "io/video_names.hpp"
#include "options/command_line.hpp"
#include "options/image_options.hpp"
#include "run/clip_images.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

transnet::ImageFormat format_by_ending(const std::string& option, const std::string& file) {
  const auto ending = lower_case(fs::path(file).extension().native());
  if (ending == ".jpeg") return transnet::ImageFormat::jpeg;
  for (const auto format : {transnet::ImageFormat::jpeg, transnet::ImageFormat::png, transnet::ImageFormat::webp}) {
    if (ending == ending_of(format)) return format;
  }
  refuse(option, file + " must end in .jpg, .jpeg, .png or .webp");
}

std::vector<std::string> own_files(const SheetRequest& request, const std::string& pattern, const std::string& option,
                                   const Inputs& inputs, const ProtectedFiles& files) {
  if (!is_for_each_video(pattern) && inputs.all.size() > 1) {
    throw UsageError(fmt::format("{} {}: two videos would have the file {}; use {} to tell them apart", option, pattern,
                                 pattern, stem_field));
  }
  constexpr std::size_t page_bytes = 6;  // "-99999"
  const auto of_all = files_of_videos(pattern, inputs.names(), page_bytes);
  for (const auto& file : of_all) files.check_output(file, /*overwrites=*/true, option);
  auto own = inputs.own(of_all);
  for (const auto& file : own) files.check_output(file, request.overwrites, option);
  for (const auto& file : own) {
    const auto folder = fs::path(file).parent_path();
    make_folder(folder.empty() ? "." : folder);
  }
  return own;
}

class Sheets : public VideoFiles {
 public:
  Sheets(const SheetRequest& request, const std::string& pattern, const Inputs& inputs, ProtectedFiles& files)
      : sheets_(request, pattern, "--sheet", inputs, files), pattern_(pattern) {}

  [[nodiscard]] std::string_view option() const noexcept override { return "sheet"; }

  [[nodiscard]] Json settings() const override {
    Json settings = sheets_.settings();
    settings["file"] = pattern_;
    return settings;
  }

  void check(std::size_t number, const fs::path& video, const std::stop_token& /*stop*/) const override {
    check_no_pipe(video);
    sheets_.check(number);
  }

  [[nodiscard]] std::optional<transnet::Failure> write(const AnalysedVideo& video,
                                                       const std::stop_token& stop) const override {
    return sheets_.write(video.number, video.clips, video.what, video.file, video.stage.decode, stop,
                         [&video](const fs::path& page) {
                           log(transnet::LogLevel::info, video.clips.video + ": sheet in " + page.native());
                         });
  }

 private:
  SheetFiles sheets_;
  std::string pattern_;
};

}  // namespace

transnet::ImageFormat sheet_format(const std::string& option, const std::string& file, const SheetLayout& layout) {
  const auto format = format_by_ending(option, file);
  check_image_format(option, format);
  if (rows_of_page(layout, max_image_side(format)) > 0) return format;
  refuse("--columns", fmt::format("{} thumbnails of {} pixels are too wide for {}, which takes at most {}",
                                  layout.columns, layout.width, to_string(format), max_image_side(format)));
}

SheetFiles::SheetFiles(SheetRequest request, const std::string& pattern, std::string option, const Inputs& inputs,
                       ProtectedFiles& files)
    : request_(request),
      option_(std::move(option)),
      sheets_(own_files(request_, pattern, option_, inputs, files)),
      files_(files) {}

Json SheetFiles::settings() const {
  // The binding makes sure that a new field is either here or named as one without effect.
  const auto& [layout, format, quality, overwrites] = request_;
  static_cast<void>(overwrites);
  const auto& [columns, rows, width] = layout;
  return {{"columns", columns}, {"rows", rows}, {"width", width}, {"format", to_string(format)}, {"quality", quality}};
}

void SheetFiles::check(std::size_t number) const {
  const fs::path file = sheets_[number];
  std::error_code ignored;
  const bool is_there = !request_.overwrites && fs::exists(fs::symlink_status(file, ignored));
  if (is_there) fail_to_write(file.native(), EEXIST);
}

std::optional<transnet::Failure> SheetFiles::write(std::size_t number, const transnet::VideoClips& found, SpanKind what,
                                                   const fs::path& video, const transnet::DecodeOptions& decode,
                                                   const std::stop_token& stop,
                                                   const std::function<void(const fs::path& page)>& tell) const {
  const auto entries = entries_of(found, what);
  if (entries.empty()) {
    log(transnet::LogLevel::warning, found.video + ": no sheet is written: there is nothing to show");
    return std::nullopt;
  }
  SheetWriter writer(request_, sheets_[number], option_, entries, files_, tell);
  const int side = request_.layout.width;
  const auto report = transnet::read_pictures(
      video, writer.frames(), {.max_width = side, .max_height = side, .decode = decode},
      [&writer](const transnet::Picture& picture) { writer.add(picture); }, stop);
  writer.finish();
  auto missing = missing_pictures(video, report);
  if (missing && report.frame_count == 0) throw transnet::Error(missing->code, missing->message);
  return missing;
}

std::unique_ptr<VideoFiles> make_sheets(const SheetRequest& request, const std::string& pattern, const Inputs& inputs,
                                        ProtectedFiles& files) {
  if (pattern.empty()) return nullptr;
  return std::make_unique<Sheets>(request, pattern, inputs, files);
}

}  // namespace command
