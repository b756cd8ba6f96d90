#include "clip_job.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <string_view>

#include "text.hpp"
#include "transnet/error.hpp"

namespace command {
namespace {

transnet::VideoClips failed(const std::filesystem::path& input, transnet::ErrorCode code, const std::string& message) {
  transnet::VideoClips clips;
  clips.video = input.native();
  clips.status = transnet::Status::failed;
  clips.failure = transnet::Failure{code, message};
  return clips;
}

}  // namespace

ExitStatus write_clips(const ClipJob& job, ClipOutputs& outputs, const std::stop_token& stop,
                       const std::function<transnet::VideoClips(const std::filesystem::path&)>& extract) {
  auto exit_status = ExitStatus::complete;
  for (const auto& input : job.inputs) {
    check(stop);
    outputs.begin(input);
    transnet::VideoClips clips;
    try {
      clips = extract(input);
    } catch (const transnet::Error& error) {
      if (error.code() == transnet::ErrorCode::cancelled) throw;
      clips = failed(input, error.code(), error.what());
    } catch (const std::exception& error) {
      clips = failed(input, transnet::ErrorCode::internal, error.what());
    }
    if (clips.failure) log_failure(clips.video, clips.status, *clips.failure);
    outputs.add(clips);
    exit_status = combine(exit_status, clips.status);
  }
  check(stop);
  outputs.finish();
  return exit_status;
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
