#include "clip_target.hpp"

#include <system_error>
#include <unordered_map>
#include <utility>

namespace command {
namespace {

namespace fs = std::filesystem;

/// Such a format cannot say that the video failed: it would look like one without a clip.
bool can_hold(const Format& format, const transnet::VideoClips& result) {
  return !format.holds_one_video() || result.status != transnet::Status::failed;
}

/// What a part file says of every video. A video that is named twice is there twice.
std::vector<std::optional<PartFile::Entry>> entries_of_videos(const PartFile& part, std::span<const fs::path> videos) {
  std::unordered_multimap<std::string_view, const PartFile::Entry*> by_name;
  for (const auto& entry : part.before()) by_name.emplace(entry.video, &entry);
  std::vector<std::optional<PartFile::Entry>> entries;
  for (const auto& video : videos) {
    const auto found = by_name.extract(std::string_view(video.native()));
    entries.push_back(found.empty() ? std::nullopt : std::optional(*found.mapped()));
  }
  return entries;
}

/// What shapes the content of one output.
Json settings_of(const Json& run, const Format& format, What what) {
  Json settings = run;
  settings["format"] = format.name;
  settings["what"] = static_cast<int>(what);
  return settings;
}

}  // namespace

DocumentTarget::DocumentTarget(const Format& format, What what, const std::string& file, std::size_t video_count)
    : format_(format), output_(file), writer_(make_clip_writer(format, what, video_count)) {}

void DocumentTarget::add(std::size_t video, const transnet::VideoClips& result) {
  if (format_.is_line_for_each) return write(result);
  if (video != next_) {
    waiting_.emplace(video, result);
    return;
  }
  write(result);
  ++next_;
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_; ++next_) {
    write(first->second);
    first = waiting_.erase(first);
  }
}

void DocumentTarget::write(const transnet::VideoClips& result) {
  if (can_hold(format_, result)) {
    output_.write(writer_->add(result));
  } else {
    is_whole_ = false;
  }
}

void DocumentTarget::finish() {
  if (!is_whole_) return;
  output_.write(writer_->finish());
  output_.commit();
}

LinesTarget::LinesTarget(const Format& format, What what, std::string file, std::span<const fs::path> videos,
                         bool resumes)
    : format_(format),
      what_(what),
      file_(std::move(file)),
      videos_(videos),
      resumes_(resumes),
      writer_(make_clip_writer(format, what, videos.size())) {}

void LinesTarget::start(const Json& settings) {
  part_.emplace(file_ + ".part", settings_of(settings, format_, what_), resumes_);
  entries_ = entries_of_videos(*part_, videos_);
}

std::optional<transnet::Status> LinesTarget::done(std::size_t video) const {
  return entries_[video] ? std::optional(entries_[video]->status) : std::nullopt;
}

void LinesTarget::add(std::size_t video, const transnet::VideoClips& result) {
  if (entries_[video]) return;
  auto line = writer_->add(result);
  line.pop_back();  // its end
  entries_[video] = part_->append(videos_[video].native(), result.status, line);
}

void LinesTarget::finish() {
  Output output(file_);
  for (const auto& entry : entries_) output.write(part_->read(*entry) + "\n");
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

FilesTarget::FilesTarget(const Format& format, What what, std::string file, std::span<const fs::path> videos,
                         std::string part_file, bool resumes)
    : format_(format),
      what_(what),
      file_(std::move(file)),
      videos_(videos),
      part_file_(std::move(part_file)),
      resumes_(resumes),
      done_(videos.size()) {}

void FilesTarget::start(const Json& settings) {
  if (part_file_.empty()) return;
  part_.emplace(part_file_, settings_of(settings, format_, what_), resumes_);
  const auto entries = entries_of_videos(*part_, videos_);
  for (std::size_t video = 0; video < videos_.size(); ++video) {
    if (!entries[video]) continue;
    const bool has_file = entries[video]->status != transnet::Status::failed || !format_.holds_one_video();
    std::error_code ignored;
    if (!has_file || fs::exists(file_of_video(file_, videos_[video]), ignored)) done_[video] = entries[video]->status;
  }
}

std::optional<transnet::Status> FilesTarget::done(std::size_t video) const { return done_[video]; }

void FilesTarget::begin(std::size_t video) {
  if (!done_[video]) open_.try_emplace(video, file_of_video(file_, videos_[video]));
}

void FilesTarget::add(std::size_t video, const transnet::VideoClips& result) {
  if (done_[video]) return;
  const auto opened = open_.extract(video);
  if (can_hold(format_, result)) {
    Output& output = opened.mapped();
    const auto writer = make_clip_writer(format_, what_, 1);
    output.write(writer->add(result));
    output.write(writer->finish());
    output.commit();
  }
  if (part_) part_->append(videos_[video].native(), result.status, "");
}

void FilesTarget::finish() {
  if (part_) part_->remove();
}

}  // namespace command
