// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "run/exit_status.hpp"
#include "transnet/clip_extractor_options.hpp"

namespace command {

struct SupervisorOptions {
  int jobs = 1;         ///< worker processes, each with one video at a time
  int max_video_s = 0;  ///< time for one video; 0 = no limit
};

/// Hands the lines of standard input to worker processes and writes their answers, one line a request, to standard
/// output in the order in which they become ready. A process that dies or takes too long costs its own video alone: the
/// answer says how it ended, and another process takes its place. Reads a line when a process is free, so that the
/// writer of the requests waits. Returns after the last line. `stage`: the options of the command line.
/// @throws transnet::Error(cancelled) if the user stops the run, RunError if a process ends before it takes requests.
[[nodiscard]] ExitStatus supervise(const SupervisorOptions& options, const transnet::ClipExtractorOptions& stage,
                                   const std::stop_token& stop);

}  // namespace command
