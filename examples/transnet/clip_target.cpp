#include "clip_target.hpp"

#include <utility>

namespace command {
namespace {

namespace fs = std::filesystem;

/// Such a format cannot say that the video failed: it would look like one without a clip.
bool can_hold(const Format& format, const transnet::VideoClips& result) {
  return !format.holds_one_video() || result.status != transnet::Status::failed;
}

}  // namespace

DocumentTarget::DocumentTarget(const Format& format, What what, const std::string& file,
                               std::span<const fs::path> videos)
    : format_(format), output_(file, videos), writer_(make_clip_writer(format, what, videos.size())) {}

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

std::string file_of_video(std::string file, const fs::path& video) {
  const auto stem = video.stem().native();
  for (auto at = file.find(stem_field); at != std::string::npos; at = file.find(stem_field, at + stem.size())) {
    file.replace(at, stem_field.size(), stem);
  }
  return file;
}

FilesTarget::FilesTarget(const Format& format, What what, std::string file, std::span<const fs::path> videos)
    : format_(format), what_(what), file_(std::move(file)), videos_(videos) {}

void FilesTarget::begin(std::size_t video) {
  open_.try_emplace(video, file_of_video(file_, videos_[video]), std::span<const fs::path>());
}

void FilesTarget::add(std::size_t video, const transnet::VideoClips& result) {
  const auto opened = open_.extract(video);
  if (!can_hold(format_, result)) return;
  Output& output = opened.mapped();
  const auto writer = make_clip_writer(format_, what_, 1);
  output.write(writer->add(result));
  output.write(writer->finish());
  output.commit();
}

}  // namespace command
