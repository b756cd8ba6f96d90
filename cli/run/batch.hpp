#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

#include "io/result_files.hpp"
#include "run/exit_status.hpp"
#include "transnet/clips.hpp"

namespace command {

/// What becomes of one input; called on several threads at once. A request to stop ends it with Error(cancelled).
using Extract = std::function<transnet::VideoClips(const std::filesystem::path& input, const std::stop_token& stop)>;

/// Writes what `extract` makes of every input, `jobs` of them at a time. One that throws is reported as failed, and the
/// others go on.
/// @throws transnet::Error where the output cannot be written or the user stops.
[[nodiscard]] ExitStatus write_clips(std::span<const std::filesystem::path> inputs, ResultFiles& outputs, int jobs,
                                     const std::stop_token& stop, const Extract& extract);

/// What the exception that is being caught makes of an input; one that ends the run, a stop, bad usage or RunError, is
/// thrown on.
[[nodiscard]] transnet::Failure failure_of(const std::filesystem::path& input, const std::exception& error);

/// Says on standard error what `ClipExtractor` would of what was found.
void log_result(const transnet::VideoClips& clips, bool verbose);

/// Says on standard error why a video is partial or failed.
void log_failure(const std::string& video, transnet::Status status, const transnet::Failure& failure);

/// @throws transnet::Error(cancelled) where the user stops.
void check(const std::stop_token& stop);

}  // namespace command
