// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "transnet/clip_extractor_options.hpp"

/// Processing several videos at once.
namespace command {

/// The number of videos processed at once, and the threads of each.
struct ThreadShares {
  int jobs = 1;
  int threads = 0;  // 0 = as FFmpeg chooses
};

/// `threads`: of the whole run, 0 = all cores. `jobs`: 0 = automatic.
[[nodiscard]] ThreadShares share_threads(int threads, int jobs, std::size_t video_count);

/// The network and the decoder work in turn, so each of them gets all threads of a video.
void use_threads(transnet::ClipExtractorOptions& options, int threads);

/// Does one job. A request to stop ends it with Error(cancelled).
using Job = std::function<void(std::size_t number, const std::stop_token& stop)>;

/// Runs a job for each number from 0 to `count` - 1 on threads, `jobs` at a time.
/// @throws the exception of a job after the others have been told to stop and have ended; transnet::Error if the user
/// stops.
void run_jobs(std::size_t count, int jobs, const std::stop_token& stop, const Job& job);

}  // namespace command
