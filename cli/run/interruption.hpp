// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace command {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request while it lives. A stop that takes longer than a few seconds, as
/// where the process hangs in reading from a pipe, ends the process; its temporary file stays behind then.
///
/// Make it before any other thread: the signals are blocked in the calling thread and in those that it starts, and a
/// thread of its own takes them, so nothing is run in a signal handler.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// The signal that came; 0 = none.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  void wait();
  [[nodiscard]] int next_signal() const;  // 0: the one that ends the waiting

  sigset_t signals_{};
  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ends_ = false;
  std::thread waiter_;  // last: it uses the members above
};

}  // namespace command
