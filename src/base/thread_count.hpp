// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <thread>

namespace transnet::base {

/// The threads to use: as many as `requested`, or, if that is 0 or less, one per core.
[[nodiscard]] inline int thread_count(int requested) noexcept {
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace transnet::base
