#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "clip_outputs.hpp"
#include "console.hpp"
#include "exit_status.hpp"
#include "transnet/clips.hpp"

namespace command {

/// What `clips` and `scenes` have in common: inputs in, clips out.
struct ClipJob {
  std::vector<std::filesystem::path> inputs;
  OutputRequest output;
};

/// Writes what `extract` makes of every input. One that throws is reported as failed, and the others go on.
/// @throws transnet::Error where the output cannot be written or the user stops.
[[nodiscard]] ExitStatus write_clips(const ClipJob& job, ClipOutputs& outputs, const std::stop_token& stop,
                                     const std::function<transnet::VideoClips(const std::filesystem::path&)>& extract);

/// Says on standard error why a video is partial or failed.
void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure);

/// @throws transnet::Error(cancelled) where the user stops.
void check(const std::stop_token& stop);

}  // namespace command
