// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <thread>

namespace transnet::base {

/// More threads of one run or one decoder are a mistake: they only cost memory, which ends the process if it is short.
inline constexpr int most_threads = 1024;

/// The threads to use: as many as `requested`, or, if that is 0 or less, one per core.
[[nodiscard]] inline int thread_count(int requested) noexcept {
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace transnet::base
