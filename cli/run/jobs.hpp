// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "transnet/clip_extractor_options.hpp"

/// Several videos at once.
namespace command {

/// Videos that are worked on at once, and the threads that each of them has for itself.
struct ThreadShares {
  int jobs = 1;
  int threads = 0;  // 0 = as FFmpeg chooses
};

/// `threads`: of the whole run, 0 = as many as the machine has. `jobs`: 0 = automatic.
[[nodiscard]] ThreadShares share_threads(int threads, int jobs, std::size_t video_count);

/// The network and the decoder work in turn, so each of them gets all threads of a video.
void use_threads(transnet::ClipExtractorOptions& options, int threads);

/// What becomes of one of them. A request to stop ends it with Error(cancelled).
using Job = std::function<void(std::size_t number, const std::stop_token& stop)>;

/// Does a job for each number from 0 to `count`, `jobs` of them at a time, on threads.
/// @throws what a job throws, once the others have been told to stop and have; transnet::Error where the user stops.
void run_jobs(std::size_t count, int jobs, const std::stop_token& stop, const Job& job);

}  // namespace command
