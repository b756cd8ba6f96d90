// SPDX-License-Identifier: Apache-2.0
#include "run/interruption.hpp"

#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace command {
namespace {

// Longer than loading a model takes. A second signal does not shorten it: timeout(1) always sends two.
constexpr std::time_t grace_s = 5;

}  // namespace

Interruption::Interruption() {
  ::sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    // nohup and background jobs of a shell ignore them; keep that.
    if (action.sa_handler != SIG_IGN) ::sigaddset(&signals_, signal);
  }
  // The destructor wakes the waiter with it, even if all others are ignored.
  ::sigaddset(&signals_, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiter_ = std::thread([this] { wait(); });
}

Interruption::~Interruption() {
  ends_ = true;
  ::pthread_kill(waiter_.native_handle(), SIGUSR1);
  waiter_.join();
}

void Interruption::wait() {
  signal_ = next_signal();
  if (signal_ == 0) return;
  stop_.request_stop();
  sigset_t end{};
  ::sigemptyset(&end);
  ::sigaddset(&end, SIGUSR1);
  const timespec grace{.tv_sec = grace_s, .tv_nsec = 0};
  while (::sigtimedwait(&end, nullptr, &grace) < 0 && errno == EINTR) {
  }
  if (!ends_) ::_exit(128 + signal_);
}

int Interruption::next_signal() const {
  int signal = 0;
  while (!ends_) {
    if (::sigwait(&signals_, &signal) == 0 && signal != SIGUSR1) return signal;
  }
  return 0;
}

}  // namespace command
