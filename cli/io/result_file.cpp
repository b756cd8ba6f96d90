// SPDX-License-Identifier: Apache-2.0
#include "io/result_file.hpp"

#include <fstream>
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
  settings["what"] = to_string(form.what);
  if (!form.format.options.empty()) settings["format-options"] = format_settings(form.options);
  return settings;
}

}  // namespace

DocumentFile::DocumentFile(const OutputForm& form, const std::string& file, const Inputs& inputs)
    : form_(form), output_(file), writer_(form.make_writer(inputs.size(), inputs.columns)) {}

void DocumentFile::add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) {
  if (form_.format.is_line_for_each) return write(result, facts);
  in_order_.add(video, {result, facts});
  in_order_.end(video);
}

void DocumentFile::write(const transnet::VideoClips& result, const ResultFacts& facts) {
  if (can_hold(form_.format, result)) {
    output_.write(writer_->add(result, facts));
  } else {
    is_whole_ = false;
  }
}

void DocumentFile::finish() {
  if (!is_whole_) return;
  output_.write(writer_->finish());
  output_.commit();
}

LinesFile::LinesFile(const OutputForm& form, std::string file, const Inputs& inputs, ResumeRequest resume)
    : form_(form),
      file_(std::move(file)),
      inputs_(inputs),
      resume_(resume),
      writer_(form.make_writer(inputs.size(), {})) {
  make_folder_of(file_);
}

void LinesFile::start(const Json& settings) {
  done_.start(file_ + ".part", settings_of(settings, form_), resume_, inputs_);
}

void LinesFile::begin(std::size_t video) { done_.begin(video); }

void LinesFile::add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) {
  if (done_.status(video)) return;
  auto line = writer_->add(result, facts);
  line.pop_back();  // the line end
  done_.add(video, result.status, line);
}

/// Whether an earlier run has written the results of just these videos in this order.
bool LinesFile::is_written() const {
  std::ifstream stream(file_, std::ios::binary);
  std::string line;
  for (std::size_t video = 0; video < inputs_.size(); ++video) {
    if (!std::getline(stream, line) || stream.eof() || line != done_.text(video)) return false;
  }
  return stream && stream.peek() == std::ifstream::traits_type::eof();
}

void LinesFile::finish() {
  if (!is_written()) {
    Output output(file_);
    for (std::size_t video = 0; video < inputs_.size(); ++video) output.write(done_.text(video) + "\n");
    output.commit();
  }
  done_.finish();
}

FilePerVideo::FilePerVideo(OutputForm form, std::vector<std::string> files, const Inputs& inputs, std::string part_file,
                           ResumeRequest resume, bool overwrites)
    : form_(std::move(form)),
      files_(std::move(files)),
      inputs_(inputs),
      part_file_(std::move(part_file)),
      resume_(resume),
      overwrites_(overwrites) {
  for (const auto& file : files_) make_folder_of(file);
}

void FilePerVideo::start(const Json& settings) {
  if (part_file_.empty()) return;
  done_.start(part_file_, settings_of(settings, form_), resume_, inputs_, files_);
  for (std::size_t video = 0; video < inputs_.size(); ++video) {
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

void FilePerVideo::add(std::size_t video, const transnet::VideoClips& result, const ResultFacts& facts) {
  if (done_.status(video)) return;
  auto begun = begun_.extract(video);
  if (can_hold(form_.format, result)) {
    Output& output = begun.mapped();
    const auto writer = form_.make_writer(1, inputs_.columns);
    output.write(writer->add(result, facts));
    output.write(writer->finish());
    output.commit();
  }
  done_.add(video, result.status, "");
}

void FilePerVideo::finish() { done_.finish(); }

}  // namespace command
