// SPDX-License-Identifier: Apache-2.0
#include "run/batch.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <new>
#include <string_view>

#include "base/counted.hpp"
#include "decision/no_clip.hpp"
#include "formats/text.hpp"
#include "io/result_files.hpp"
#include "io/video_names.hpp"
#include "options/option_text.hpp"
#include "run/console.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

}  // namespace

Batch::Batch(const InputRequest& request, int jobs, int threads, ProtectedFiles& files)
    : inputs_(find_inputs(request, files)), shares_(share_threads(threads, jobs, inputs_.size())) {
  if (inputs_.size() == 0) log(transnet::LogLevel::info, "this part of the run has no video");
}

Batch::Batch(const std::vector<fs::path>& inputs, ProtectedFiles& files)
    : inputs_(inputs_of(inputs)), is_of_videos_(false) {
  files.protect(inputs);
}

std::string Batch::part_name() const {
  const auto& shard = inputs_.shard;
  return shard.count > 1 ? fmt::format(".{}-of-{}", shard.index, shard.count) : "";
}

std::string Batch::part_file(const ResumeRequest& resume, const std::string& files) const {
  if (resume.is_given) return part_file_of(files, part_name());
  if (is_for_each_video(files)) remove_record(part_file_of(files, part_name()));
  return "";
}

void Batch::log_changed(std::size_t video) const {
  log(transnet::LogLevel::warning, inputs_[video].name() + ": changed since it was done; it is done again");
}

void Batch::log_done(std::size_t count) const {
  log(transnet::LogLevel::info,
      fmt::format("done already: {} of {}{}", count, transnet::base::counted(inputs_.size(), "video"),
                  count == 0 ? "; a finished run can be continued only if it had --resume as well" : ""));
}

void Batch::log_interruption(std::size_t kept) const {
  const auto what = kept == 0 ? std::string("only files that were complete are kept")
                              : fmt::format("{} of {} done and kept; the same command with --resume continues", kept,
                                            transnet::base::counted(inputs_.size(), "video"));
  log(transnet::LogLevel::warning, "interrupted: " + what);
}

void Batch::log_summary(const std::string& text) { log(transnet::LogLevel::info, text); }

transnet::Failure failure_of(const fs::path& input, const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error) != nullptr || dynamic_cast<const RunError*>(&error) != nullptr) throw;
  if (const auto* typed = dynamic_cast<const transnet::Error*>(&error)) {
    if (typed->code() == transnet::ErrorCode::cancelled) throw;
    return {typed->code(), typed->what()};
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {transnet::ErrorCode::out_of_memory, input.native() + ": out of memory"};
  }
  return {transnet::ErrorCode::internal, error.what()};
}

void log_warnings(const std::string& video, const transnet::VideoClips& result, SpanKind what) {
  const bool wants_clips = what == SpanKind::clips || result.shots.empty();
  for (const auto& warning : result.warnings) {
    const bool is_about_clips = warning.starts_with(transnet::no_clip);
    if (is_about_clips && !wants_clips) continue;
    const bool has_shots = is_about_clips && !result.shots.empty();
    log_warning(video, has_shots ? warning + "; --what shots takes every shot" : warning);
  }
}

void log_result(const transnet::VideoClips& result, SpanKind what, bool verbose) {
  log_warnings(result.video, result, what);
  if (!verbose) return;
  log(transnet::LogLevel::info,
      fmt::format("{}: {}, {}", result.video, transnet::base::counted(result.shots.size(), "scene"),
                  transnet::base::counted(result.clips.size(), "clip")));
}

void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure) {
  // A message about a file begins with its name; messages of the network or the system do not.
  std::string_view reason = failure.message;
  if (reason.starts_with(video + ": ")) reason.remove_prefix(video.size() + 2);
  spdlog::error("{}: {} ({}): {}", printable(video), to_string(status), to_string(failure.code),
                printable(with_option_names(reason)));
}

void check(const std::stop_token& stop) {
  if (stop.stop_requested()) throw transnet::Error(transnet::ErrorCode::cancelled, "stopped by a signal");
}

}  // namespace command
