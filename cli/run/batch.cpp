#include "run/batch.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <exception>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

#include "formats/text.hpp"
#include "run/console.hpp"
#include "run/jobs.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

transnet::VideoClips failed(const fs::path& input, transnet::Failure failure) {
  transnet::VideoClips clips;
  clips.video = input.native();
  clips.status = transnet::Status::failed;
  clips.failure = std::move(failure);
  return clips;
}

transnet::VideoClips extract_one(const Extract& extract, const fs::path& input, const std::stop_token& stop) {
  try {
    return extract(input, stop);
  } catch (const std::exception& error) {
    return failed(input, failure_of(input, error));
  }
}

}  // namespace

ExitStatus write_clips(std::span<const fs::path> inputs, ResultFiles& outputs, int jobs, const std::stop_token& stop,
                       const Extract& extract) {
  std::mutex mutex;  // for what follows and the outputs
  auto exit_status = ExitStatus::complete;
  const auto begin = [&](std::size_t video) {
    const std::lock_guard lock(mutex);
    const auto before = outputs.done(video);
    if (before) exit_status = combine(exit_status, *before);
    if (!before) outputs.begin(video);
    return !before;
  };
  run_jobs(inputs.size(), jobs, stop, [&](std::size_t video, const std::stop_token& end) {
    if (!begin(video)) return;
    const auto clips = extract_one(extract, inputs[video], end);
    const std::lock_guard lock(mutex);
    if (clips.failure) log_failure(clips.video, clips.status, *clips.failure);
    outputs.add(video, clips);
    exit_status = combine(exit_status, clips.status);
  });
  outputs.finish();
  return exit_status;
}

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

void log_result(const transnet::VideoClips& clips, bool verbose) {
  for (const auto& warning : clips.warnings) log(transnet::LogLevel::warning, clips.video + ": " + warning);
  if (!verbose) return;
  log(transnet::LogLevel::info,
      fmt::format("{}: {} scenes, {} clips", clips.video, clips.shots.size(), clips.clips.size()));
}

void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure) {
  // A message about a file begins with its name; that of the network or of the system does not.
  std::string_view reason = failure.message;
  if (reason.starts_with(video + ": ")) reason.remove_prefix(video.size() + 2);
  spdlog::error("{}: {} ({}): {}", printable(video), to_string(status), to_string(failure.code), printable(reason));
}

void check(const std::stop_token& stop) {
  if (stop.stop_requested()) throw transnet::Error(transnet::ErrorCode::cancelled, "stopped by a signal");
}

}  // namespace command
