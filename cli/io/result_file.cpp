// SPDX-License-Identifier: Apache-2.0
#include "io/result_file.hpp"

#include <system_error>
#include <utility>

namespace command {
namespace {

namespace fs = std::filesystem;

/// Such a format cannot say that the video failed: it would look like a video without clips.
bool can_hold(const Format& format, const transnet::VideoClips& result) {
  return !format.holds_one_video() || result.status != transnet::Status::failed;
}

/// The settings that shape one output.
Json settings_of(const Json& run, const OutputForm& form) {
  Json settings = run;
  settings["format"] = form.format.name;
  settings["what"] = static_cast<int>(form.what);
  if (!form.format.options.empty()) settings["format-options"] = format_settings(form.options);
  return settings;
}

}  // namespace

DocumentFile::DocumentFile(const OutputForm& form, const std::string& file, std::size_t video_count)
    : form_(form), output_(file), writer_(form.make_writer(video_count)) {}

void DocumentFile::add(std::size_t video, const transnet::VideoClips& result, const MadeBy& made_by) {
  if (form_.format.is_line_for_each) return write(result, made_by);
  in_order_.add(video, {result, made_by});
  in_order_.end(video);
}

void DocumentFile::write(const transnet::VideoClips& result, const MadeBy& made_by) {
  if (can_hold(form_.format, result)) {
    output_.write(writer_->add(result, made_by));
  } else {
    is_whole_ = false;
  }
}

void DocumentFile::finish() {
  if (!is_whole_) return;
  output_.write(writer_->finish());
  output_.commit();
}

LinesFile::LinesFile(const OutputForm& form, std::string file, std::span<const fs::path> videos, ResumeRequest resume)
    : form_(form), file_(std::move(file)), videos_(videos), resume_(resume), writer_(form.make_writer(videos.size())) {
  make_folder_of(file_);
}

void LinesFile::start(const Json& settings) {
  done_.start(file_ + ".part", settings_of(settings, form_), resume_, videos_);
}

void LinesFile::begin(std::size_t video) { done_.begin(video); }

void LinesFile::add(std::size_t video, const transnet::VideoClips& result, const MadeBy& made_by) {
  if (done_.status(video)) return;
  auto line = writer_->add(result, made_by);
  line.pop_back();  // the line end
  done_.add(video, result.status, line);
}

void LinesFile::finish() {
  std::error_code ignored;
  if (!done_.holds_a_finished_run() || !fs::exists(file_, ignored)) {
    Output output(file_);
    for (std::size_t video = 0; video < videos_.size(); ++video) output.write(done_.text(video) + "\n");
    output.commit();
  }
  done_.finish();
}

FilePerVideo::FilePerVideo(const OutputForm& form, std::vector<std::string> files, std::span<const fs::path> videos,
                           std::string part_file, ResumeRequest resume, bool overwrites)
    : form_(form),
      files_(std::move(files)),
      videos_(videos),
      part_file_(std::move(part_file)),
      resume_(resume),
      overwrites_(overwrites) {
  for (const auto& file : files_) make_folder_of(file);
}

void FilePerVideo::start(const Json& settings) {
  if (part_file_.empty()) return;
  done_.start(part_file_, settings_of(settings, form_), resume_, videos_, files_);
  for (std::size_t video = 0; video < videos_.size(); ++video) {
    const auto status = done_.status(video);
    if (!status) continue;
    const bool has_file = *status != transnet::Status::failed || !form_.format.holds_one_video();
    std::error_code ignored;
    if (has_file && !fs::exists(files_[video], ignored)) done_.forget(video);
  }
}

void FilePerVideo::begin(std::size_t video) {
  if (done_.status(video)) return;
  begun_.try_emplace(video, files_[video], overwrites_);
  done_.begin(video);
}

void FilePerVideo::add(std::size_t video, const transnet::VideoClips& result, const MadeBy& made_by) {
  if (done_.status(video)) return;
  auto begun = begun_.extract(video);
  if (can_hold(form_.format, result)) {
    Output& output = begun.mapped();
    const auto writer = form_.make_writer(1);
    output.write(writer->add(result, made_by));
    output.write(writer->finish());
    output.commit();
  }
  done_.add(video, result.status, "");
}

void FilePerVideo::finish() { done_.finish(); }

}  // namespace command
