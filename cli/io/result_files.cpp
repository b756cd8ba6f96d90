// SPDX-License-Identifier: Apache-2.0
#include "io/result_files.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <system_error>

#include "run/exit_status.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

bool is_for_each_video(const std::string& file) { return file.find(stem_field) != std::string::npos; }

const Format& format_by_ending(const std::string& file) {
  if (file == "-") return table_format();
  const auto candidates = formats_of(file);
  if (candidates.size() == 1) return *candidates.front();
  std::vector<std::string_view> names;
  for (const auto* format : candidates) names.push_back(format->name);
  const auto reason = candidates.empty() ? std::string("the ending names no format")
                                         : fmt::format("the ending can mean {}", fmt::join(names, " or "));
  throw UsageError("--output " + file + ": " + reason + ": name one with --format");
}

std::vector<const Format*> formats_of_files(const OutputRequest& request, const std::vector<std::string>& files) {
  if (request.formats.empty()) {
    std::vector<const Format*> formats;
    for (const auto& file : files) formats.push_back(&format_by_ending(file));
    return formats;
  }
  if (request.formats.size() != files.size()) {
    throw UsageError(
        fmt::format("{} --format do not match {} --output: give one for each file in the same order, or none",
                    request.formats.size(), files.size()));
  }
  return request.formats;
}

/// Checks that `file` can take the format's output for these videos.
void check_target(const Format& format, const std::string& file, std::span<const fs::path> videos,
                  std::span<const fs::path> others, ProtectedFiles& claimed) {
  if (is_for_each_video(file)) {
    for (const auto& some : {videos, others}) {
      for (const auto& video : some) claimed.claim_output(file_of_video(file, video));
    }
  } else {
    claimed.claim_output(file);
    if (format.holds_one_video() && videos.size() > 1) {
      throw UsageError(
          fmt::format("{} holds one video, but there are {}: put {} in the name of --output to give each video its "
                      "own file",
                      format.name, videos.size(), stem_field));
    }
  }
  if (format.check_name != nullptr) std::ranges::for_each(videos, format.check_name);
}

/// Whether lines can wait in a part file until all videos are done; false for a pipe, a device or an open descriptor.
bool is_file(const std::string& file) {
  if (file == "-" || descriptor_of(file)) return false;
  std::error_code ignored;
  const auto status = fs::status(file, ignored);
  return !fs::exists(status) || fs::is_regular_file(status);
}

/// If the folder is named after the video, there is no folder for a file about all videos.
bool has_place_for_part(const std::string& file) {
  return is_for_each_video(file) && !is_for_each_video(fs::path(file).parent_path().native());
}

std::unique_ptr<ResultFile> make_target(const OutputRequest& request, const Format& format, SpanKind what,
                                        const std::string& file, std::span<const fs::path> videos) {
  if (is_for_each_video(file)) {
    const bool has_part = request.resumes || (request.keeps_parts && has_place_for_part(file));
    return std::make_unique<FilePerVideo>(format, what, file, videos,
                                          has_part ? part_file_of(file, request.part_name) : "", request.resumes);
  }
  if (request.keeps_parts && format.is_line_for_each && is_file(file)) {
    return std::make_unique<LinesFile>(format, what, file, videos, request.resumes);
  }
  if (request.resumes) {
    throw UsageError(fmt::format("--resume cannot continue {} in {}: it needs jsonl in a file, or {} in the name",
                                 format.name, file == "-" ? "standard output" : file, stem_field));
  }
  return std::make_unique<DocumentFile>(format, what, file, videos.size());
}

}  // namespace

std::string part_file_of(const std::string& file, const std::string& part_name) {
  if (has_place_for_part(file)) return file + part_name + ".part";
  throw UsageError("--resume cannot continue " + file + ": " + std::string(stem_field) +
                   " may be in the file's name only, not in the folder's");
}

ResultFiles::ResultFiles(const OutputRequest& request, std::span<const fs::path> videos, ProtectedFiles& claimed,
                         std::span<const fs::path> others) {
  const auto files = request.files.empty() ? std::vector<std::string>{"-"} : request.files;
  const auto formats = formats_of_files(request, files);
  for (std::size_t i = 0; i < files.size(); ++i) check_target(*formats[i], files[i], videos, others, claimed);
  // Create nothing until everything is known to be valid.
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& format = *formats[i];
    targets_.push_back(make_target(request, format, request.what.value_or(format.what), files[i], videos));
  }
}

void ResultFiles::start(const Json& settings) {
  for (const auto& target : targets_) target->start(settings);
}

std::optional<transnet::Status> ResultFiles::done(std::size_t video) const {
  std::optional<transnet::Status> status;
  for (const auto& target : targets_) {
    status = target->done(video);
    if (!status) return std::nullopt;
  }
  return status;
}

std::set<std::size_t> ResultFiles::changed() const {
  std::set<std::size_t> videos;
  for (const auto& target : targets_) videos.insert(target->changed().begin(), target->changed().end());
  return videos;
}

void ResultFiles::begin(std::size_t video) {
  for (const auto& target : targets_) target->begin(video);
}

void ResultFiles::add(std::size_t video, const transnet::VideoClips& result) {
  for (const auto& target : targets_) target->add(video, result);
}

void ResultFiles::finish() {
  for (const auto& target : targets_) target->finish();
}

}  // namespace command
