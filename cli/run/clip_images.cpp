// SPDX-License-Identifier: Apache-2.0
#include "run/clip_images.hpp"

#include <cerrno>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "io/output.hpp"
#include "run/batch.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::string_view ending_of(transnet::ImageFormat format) noexcept {
  switch (format) {
    case transnet::ImageFormat::jpeg: return ".jpg";
    case transnet::ImageFormat::png: return ".png";
    case transnet::ImageFormat::webp: return ".webp";
  }
  return ".jpg";
}

std::vector<std::int64_t> spread_frames(const ListedSpan& entry, int count) {
  const std::int64_t last = entry.end_frame - entry.start_frame - 1;
  if (last < 0) return {};
  if (count == 1) return {entry.start_frame + last / 2};
  std::vector<std::int64_t> frames;
  for (std::int64_t image = 0; image < count; ++image) {
    const std::int64_t frame = entry.start_frame + image * last / (count - 1);
    if (frames.empty() || frame != frames.back()) frames.push_back(frame);
  }
  return frames;
}

std::optional<transnet::Failure> missing_pictures(const fs::path& video, const transnet::DecodeReport& report) {
  if (report.error.empty()) return std::nullopt;
  return transnet::Failure{report.error_code, video.native() + ": pictures are missing: " + report.error};
}

void write_image(const transnet::Picture& picture, transnet::ImageFormat format, int quality, const fs::path& file,
                 bool overwrites, int pixels_per_inch) {
  const auto bytes = encode_picture(picture, format, quality, pixels_per_inch);
  Output output(file, overwrites);
  output.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  output.commit();
}

ClipImages::ClipImages(ImageRequest request, const Inputs& inputs, ProtectedFiles& files)
    : request_(std::move(request)),
      names_(request_.folder, request_.name, inputs, std::string(ending_of(request_.format)), request_.count),
      files_(files) {
  for (const auto& file : names_.first_files()) files_.check_output(file, request_.overwrites, "--save-images");
  make_folder(shared_folder(request_.folder));  // the others when they are needed
}

Json ClipImages::settings() const {
  return {{"folder", request_.folder.native()}, {"images", request_.count},    {"format", to_string(request_.format)},
          {"quality", request_.quality},        {"width", request_.max_width}, {"name", request_.name}};
}

void ClipImages::check(std::size_t /*number*/, const fs::path& video, const std::stop_token& /*stop*/) const {
  check_no_pipe(video);
}

std::optional<transnet::Failure> ClipImages::write(const AnalysedVideo& video, const std::stop_token& stop) const {
  const auto entries = entries_to_cut(video.clips, video.what);
  std::multimap<std::int64_t, fs::path> files;  // by their frames
  std::vector<std::int64_t> frames;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::size_t image = 0;
    for (const auto frame : spread_frames(entries[i], request_.count)) {
      auto file = names_.file(video.number, i + 1, entries[i], ++image, frame);
      claim(file);
      frames.push_back(frame);
      files.emplace(frame, std::move(file));
    }
  }
  const auto take = [&](transnet::Picture&& picture) {
    const auto [first, last] = files.equal_range(picture.frame);
    for (auto file = first; file != last; ++file) {
      write_image(picture, request_.format, request_.quality, file->second, request_.overwrites);
    }
  };
  const transnet::PictureOptions options{.max_width = request_.max_width, .decode = video.stage.decode};
  const auto report = transnet::read_pictures(video.file, frames, options, take, stop);
  return missing_pictures(video.file, report);
}

/// Call it before any picture of a video is written.
void ClipImages::claim(const fs::path& file) const {
  files_.claim(file, "picture", "--image-name");
  std::error_code ignored;
  if (!request_.overwrites && fs::exists(fs::symlink_status(file, ignored))) fail_to_write(file.native(), EEXIST);
}

}  // namespace command
