#include "io/result_file.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "run/cache/file_state.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

/// Such a format cannot say that the video failed: it would look like one without a clip.
bool can_hold(const Format& format, const transnet::VideoClips& result) {
  return !format.holds_one_video() || result.status != transnet::Status::failed;
}

/// What a part file says of every video. A video that is named twice is there twice, and so is one that has changed and
/// was done again. A video that is gone is done as it was.
DoneBefore done_before(const ResumeJournal& part, std::span<const fs::path> videos) {
  std::unordered_map<std::string_view, std::vector<const ResumeJournal::Entry*>> by_name;
  for (const auto& entry : part.before()) by_name[entry.video].push_back(&entry);
  DoneBefore done;
  for (std::size_t video = 0; video < videos.size(); ++video) {
    auto& entry = done.entries.emplace_back();
    const auto of_name = by_name.find(videos[video].native());
    if (of_name == by_name.end() || of_name->second.empty()) continue;
    auto& candidates = of_name->second;
    const auto stamp = stamp_of_file(videos[video]);
    const auto is_of_file = [&stamp](const ResumeJournal::Entry* one) { return stamp.empty() || one->stamp == stamp; };
    const auto last = std::ranges::find_if(candidates.rbegin(), candidates.rend(), is_of_file);
    if (last == candidates.rend()) {
      done.changed.push_back(video);
      continue;
    }
    entry = **last;
    candidates.erase(std::prev(last.base()));
  }
  return done;
}

/// What shapes the content of one output.
Json settings_of(const Json& run, const Format& format, SpanKind what) {
  Json settings = run;
  settings["format"] = format.name;
  settings["what"] = static_cast<int>(what);
  return settings;
}

}  // namespace

DocumentFile::DocumentFile(const Format& format, SpanKind what, const std::string& file, std::size_t video_count)
    : format_(format), output_(file), writer_(make_clip_writer(format, what, video_count)) {}

void DocumentFile::add(std::size_t video, const transnet::VideoClips& result) {
  if (format_.is_line_for_each) return write(result);
  in_order_.add(video, result);
  in_order_.end(video);
}

void DocumentFile::write(const transnet::VideoClips& result) {
  if (can_hold(format_, result)) {
    output_.write(writer_->add(result));
  } else {
    is_whole_ = false;
  }
}

void DocumentFile::finish() {
  if (!is_whole_) return;
  output_.write(writer_->finish());
  output_.commit();
}

LinesFile::LinesFile(const Format& format, SpanKind what, std::string file, std::span<const fs::path> videos,
                     bool resumes)
    : format_(format),
      what_(what),
      file_(std::move(file)),
      videos_(videos),
      resumes_(resumes),
      writer_(make_clip_writer(format, what, videos.size())) {}

void LinesFile::start(const Json& settings) {
  part_.emplace(file_ + ".part", settings_of(settings, format_, what_), resumes_);
  done_ = done_before(*part_, videos_);
}

std::optional<transnet::Status> LinesFile::done(std::size_t video) const {
  const auto& entry = done_.entries[video];
  return entry ? std::optional(entry->status) : std::nullopt;
}

void LinesFile::begin(std::size_t video) { stamps_[video] = stamp_of_file(videos_[video]); }

void LinesFile::add(std::size_t video, const transnet::VideoClips& result) {
  auto& entry = done_.entries[video];
  if (entry) return;
  auto line = writer_->add(result);
  line.pop_back();  // its end
  entry = part_->append(videos_[video].native(), stamps_.extract(video).mapped(), result.status, line);
}

void LinesFile::finish() {
  Output output(file_);
  for (const auto& entry : done_.entries) output.write(part_->read(*entry) + "\n");
  output.commit();
  part_->remove();
}

std::string file_of_video(std::string file, const fs::path& video) {
  const auto stem = video.stem().native();
  for (auto at = file.find(stem_field); at != std::string::npos; at = file.find(stem_field, at + stem.size())) {
    file.replace(at, stem_field.size(), stem);
  }
  return file;
}

FilePerVideo::FilePerVideo(const Format& format, SpanKind what, std::string file, std::span<const fs::path> videos,
                           std::string part_file, bool resumes)
    : format_(format),
      what_(what),
      file_(std::move(file)),
      videos_(videos),
      part_file_(std::move(part_file)),
      resumes_(resumes),
      done_(videos.size()) {}

void FilePerVideo::start(const Json& settings) {
  if (part_file_.empty()) return;
  part_.emplace(part_file_, settings_of(settings, format_, what_), resumes_);
  auto before = done_before(*part_, videos_);
  const auto& entries = before.entries;
  changed_ = std::move(before.changed);
  for (std::size_t video = 0; video < videos_.size(); ++video) {
    if (!entries[video]) continue;
    const bool has_file = entries[video]->status != transnet::Status::failed || !format_.holds_one_video();
    std::error_code ignored;
    if (!has_file || fs::exists(file_of_video(file_, videos_[video]), ignored)) done_[video] = entries[video]->status;
  }
}

std::optional<transnet::Status> FilePerVideo::done(std::size_t video) const { return done_[video]; }

void FilePerVideo::begin(std::size_t video) {
  if (!done_[video]) {
    begun_.try_emplace(video, file_of_video(file_, videos_[video]), stamp_of_file(videos_[video]));
  }
}

void FilePerVideo::add(std::size_t video, const transnet::VideoClips& result) {
  if (done_[video]) return;
  const auto begun = begun_.extract(video);
  if (can_hold(format_, result)) {
    Output& output = begun.mapped().output;
    const auto writer = make_clip_writer(format_, what_, 1);
    output.write(writer->add(result));
    output.write(writer->finish());
    output.commit();
  }
  if (part_) part_->append(videos_[video].native(), begun.mapped().stamp, result.status, "");
}

void FilePerVideo::finish() {
  if (part_) part_->remove();
}

}  // namespace command
