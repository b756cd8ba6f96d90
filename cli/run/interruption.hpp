// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace command {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request while it lives. If the stop takes longer than a few seconds,
/// for example because a read from a pipe blocks, it ends the process, and a temporary file stays behind.
///
/// Create it before any other thread: it blocks the signals in the calling thread and in all threads that this one
/// starts. Its own thread receives them, so no code runs in a signal handler.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// The received signal; 0 = none.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  void wait();
  [[nodiscard]] int next_signal() const;  // 0: the destructor's signal

  sigset_t signals_{};
  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ends_ = false;
  std::thread waiter_;  // last: it uses the members above
};

}  // namespace command
