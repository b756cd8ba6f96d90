#include "clip_outputs.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "exit_status.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view stem_field = "{stem}";

bool is_for_each_video(const std::string& file) { return file.find(stem_field) != std::string::npos; }

std::string file_of_video(std::string file, const fs::path& video) {
  const auto stem = video.stem().native();
  for (auto at = file.find(stem_field); at != std::string::npos; at = file.find(stem_field, at + stem.size())) {
    file.replace(at, stem_field.size(), stem);
  }
  return file;
}

const Format& format_by_ending(const std::string& file) {
  if (file == "-") return table_format();
  const auto candidates = formats_of(file);
  if (candidates.size() == 1) return *candidates.front();
  std::vector<std::string_view> names;
  for (const auto* format : candidates) names.push_back(format->name);
  const auto reason = candidates.empty() ? std::string("the ending names no format")
                                         : fmt::format("the ending can be {}", fmt::join(names, " or "));
  throw UsageError("--output " + file + ": " + reason + ": say which with --format");
}

std::vector<const Format*> formats_of_files(const OutputRequest& request, const std::vector<std::string>& files) {
  if (request.formats.empty()) {
    std::vector<const Format*> formats;
    for (const auto& file : files) formats.push_back(&format_by_ending(file));
    return formats;
  }
  if (request.formats.size() != files.size()) {
    throw UsageError(
        fmt::format("there are {} --format for {} --output: give one for each file in the same order, or none",
                    request.formats.size(), files.size()));
  }
  return request.formats;
}

/// Two names of one file are one; a file that is not there yet has one all the same.
fs::path identity(const fs::path& file) {
  if (file == "-") return file;
  std::error_code error;
  const auto path = fs::weakly_canonical(fs::absolute(file, error), error);
  return error ? file : path;
}

/// Refuses two outputs in one file, and an output in an input.
class ClaimedFiles {
 public:
  explicit ClaimedFiles(std::span<const fs::path> inputs) {
    for (const auto& input : inputs) inputs_.insert(identity(input));
  }

  void claim(const std::string& file) {
    const auto path = identity(file);
    if (inputs_.contains(path)) throw UsageError("--output " + file + " would overwrite an input");
    if (!outputs_.insert(path).second) throw UsageError("--output " + file + " would be written twice");
  }

 private:
  std::set<fs::path> inputs_;
  std::set<fs::path> outputs_;
};

}  // namespace

ClipOutputs::ClipOutputs(const OutputRequest& request, std::span<const fs::path> videos) {
  const auto files = request.files.empty() ? std::vector<std::string>{"-"} : request.files;
  const auto formats = formats_of_files(request, files);
  ClaimedFiles claimed(videos);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& file = files[i];
    const auto& format = *formats[i];
    if (is_for_each_video(file)) {
      for (const auto& video : videos) claimed.claim(file_of_video(file, video));
    } else {
      claimed.claim(file);
      if (format.holds_one_video() && videos.size() > 1) {
        throw UsageError(
            fmt::format("{} holds one video and there are {}: with {} in the name of its --output, each has "
                        "a file of its own",
                        format.name, videos.size(), stem_field));
      }
    }
    if (format.check_name != nullptr) std::ranges::for_each(videos, format.check_name);
    targets_.push_back({&format, request.what.value_or(format.what), file, nullptr, nullptr});
  }
  // Not before all is known to be right.
  for (auto& target : targets_) {
    if (is_for_each_video(target.file)) continue;
    target.output = std::make_unique<Output>(target.file, videos);
    target.writer = make_clip_writer(*target.format, target.what, videos.size());
  }
}

void ClipOutputs::begin(const fs::path& video) {
  for (auto& target : targets_) {
    if (!is_for_each_video(target.file)) continue;
    target.output = std::make_unique<Output>(file_of_video(target.file, video), std::span<const fs::path>());
    target.writer = make_clip_writer(*target.format, target.what, 1);
    target.is_whole = true;
  }
}

void ClipOutputs::add(const transnet::VideoClips& result) {
  for (auto& target : targets_) {
    // It cannot say that the video failed, and would look like one without a clip.
    if (target.format->holds_one_video() && result.status == transnet::Status::failed) {
      target.is_whole = false;
    } else {
      target.output->write(target.writer->add(result));
    }
    if (is_for_each_video(target.file)) close(target);
  }
}

void ClipOutputs::finish() {
  for (auto& target : targets_) {
    if (!is_for_each_video(target.file)) close(target);
  }
}

void ClipOutputs::close(Target& target) {
  if (target.is_whole) {
    target.output->write(target.writer->finish());
    target.output->commit();
  }
  target.output.reset();
}

}  // namespace command
