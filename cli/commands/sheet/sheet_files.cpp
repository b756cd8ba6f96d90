// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/sheet_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/counted.hpp"
#include "formats/clock.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "io/output.hpp"
#include "io/video_names.hpp"
#include "options/command_line.hpp"
#include "options/image_options.hpp"
#include "run/clip_images.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "transnet/error.hpp"
#include "transnet/frame_decoder.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

transnet::ImageFormat format_by_ending(const std::string& option, const std::string& file) {
  const auto ending = lower_case_ending(file);
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

/// The container's statements. Results in files do not have them, and a pipe cannot be opened twice.
transnet::VideoMetadata metadata_of(const transnet::VideoClips& found, const fs::path& video,
                                    const transnet::DecodeOptions& decode, const std::stop_token& stop) {
  std::error_code ignored;
  if (found.metadata.width || !fs::is_regular_file(video, ignored)) return found.metadata;
  return transnet::FrameDecoder(video, decode, stop).metadata();
}

/// The height of a thumbnail with the shape of the video, at most `most`.
int thumbnail_height(const transnet::VideoMetadata& metadata, int width, int most) {
  const auto picture = shown_picture(metadata);
  if (!picture) return most;
  const double shown_width = static_cast<double>(picture->width) * static_cast<double>(picture->pixel_width) /
                             static_cast<double>(picture->pixel_height);
  const double height = width * static_cast<double>(picture->height) / shown_width;
  return height >= 1.0 && height < most ? static_cast<int>(std::ceil(height)) : most;
}

SheetHeader header_of(const fs::path& video, const transnet::VideoClips& found, const transnet::VideoMetadata& metadata,
                      SpanKind what, std::size_t count) {
  SheetHeader header{plain_text(video.filename().native()), {}};
  if (found.duration_s > 0) header.facts.push_back(clock_ms(nearest_ms(found.duration_s)));
  if (const auto picture = shown_picture(metadata)) {
    header.facts.push_back(fmt::format("{}×{}", picture->width, picture->height));
  }
  if (metadata.video_codec) header.facts.push_back(plain_text(*metadata.video_codec));
  if (found.framerate > 0) {
    const auto* variable = found.is_constant_rate ? "" : " on average, variable";
    header.facts.push_back(fmt::format("{:.5g} fps{}", found.framerate, variable));
  }
  const auto* noun = what == SpanKind::clips ? "clip" : "shot";
  header.facts.push_back(transnet::base::counted(count, noun));
  return header;
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
  if (thumbnail_width(layout) == 0) {
    refuse("--columns", fmt::format("the paper is too narrow for {}: one takes {} pixels at least",
                                    transnet::base::counted(layout.columns, "thumbnail"), min_thumbnail_width));
  }
  if (page_width(layout) <= max_image_side(format)) return format;
  refuse("--columns", fmt::format("a row of {} of {} pixels is too wide for {}, which takes at most {}",
                                  transnet::base::counted(layout.columns, "thumbnail"), layout.width, to_string(format),
                                  max_image_side(format)));
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
  const auto& [columns, rows, width, paper, theme] = layout;
  return {{"columns", columns},
          {"rows", rows},
          {"width", width},
          {"paper", to_string(paper)},
          {"theme", to_string(theme)},
          {"format", to_string(format)},
          {"quality", quality}};
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
  const auto metadata = metadata_of(found, video, decode, stop);
  const int width = thumbnail_width(request_.layout);
  const int height = thumbnail_height(metadata, width, most_thumbnail_height(request_.layout));
  SheetWriter writer(request_, header_of(video, found, metadata, what, entries.size()), height, sheets_[number],
                     option_, entries, files_, tell);
  const auto report = transnet::read_pictures(
      video, writer.frames(), {.max_width = width, .max_height = writer.height(), .decode = decode},
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
