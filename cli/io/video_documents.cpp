// SPDX-License-Identifier: Apache-2.0
#include "io/video_documents.hpp"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <system_error>

#include "io/video_names.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"

namespace command {

std::vector<std::string> claim_files_of_videos(const std::string& pattern, const std::string& option, bool overwrites,
                                               const Inputs& inputs, ProtectedFiles& claimed) {
  const auto files = files_of_videos(pattern, inputs.names());
  auto own = inputs.own(files);
  // Another part of the run may have written its files.
  for (const auto& file : files) claimed.claim_output(file, option);
  for (const auto& file : own) claimed.check_output(file, overwrites, option);
  return own;
}

std::vector<std::string> document_files(const std::string& pattern, const std::string& option, const std::string& what,
                                        bool overwrites, const Inputs& inputs, ProtectedFiles& claimed) {
  if (is_for_each_video(pattern)) {
    auto files = claim_files_of_videos(pattern, option, overwrites, inputs, claimed);
    for (const auto& file : files) make_folder_of(file);
    return files;
  }
  // Standard output belongs to one part of a run, a file to all.
  const auto count = is_written_in_place(pattern) ? inputs.size() : inputs.all.size();
  if (count > 1) {
    throw UsageError(
        fmt::format("{} holds one video, but there are {}: put {} in the name of {} to give each video its own file",
                    what, count, stem_field, option));
  }
  claimed.claim_output(pattern, option);
  make_folder_of(pattern);
  return std::vector(inputs.size(), pattern);
}

void VideoDocuments::resume(const ResumeRequest& request, const std::string& part_file, const Json& settings,
                            const Inputs& inputs) {
  done_.start(part_file, settings, request, inputs, files_);
  for (std::size_t video = 0; video < files_.size(); ++video) {
    const auto status = done_.status(video);
    std::error_code ignored;
    if (status && *status != transnet::Status::failed && !std::filesystem::exists(files_[video], ignored)) {
      done_.forget(video);
    }
  }
}

void VideoDocuments::begin(std::size_t video) {
  begun_.try_emplace(video, files_[video], overwrites_);
  done_.begin(video);
}

void VideoDocuments::add(std::size_t video, const VideoDocument& document) {
  auto begun = begun_.extract(video);
  if (!document.content.empty()) {
    begun.mapped().write(document.content);
    begun.mapped().commit();
    if (!document.note.empty()) log(transnet::LogLevel::info, document.video + ": " + document.note);
  }
  done_.add(video, document.status, "");
}

}  // namespace command
