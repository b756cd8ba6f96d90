// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace transnet::weights {

/// Waits for a time; false at once if a stop is requested before or during the wait.
[[nodiscard]] inline bool wait_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace transnet::weights
