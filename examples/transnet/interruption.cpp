#include "interruption.hpp"

#include <unistd.h>

namespace command {

Interruption::Interruption() {
  ::sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    // nohup and a shell's background jobs have them ignored: it stays so.
    if (action.sa_handler != SIG_IGN) ::sigaddset(&signals_, signal);
  }
  // So that the destructor has one to wake the waiter with, whatever is ignored.
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
  while (true) {
    int signal = 0;
    if (::sigwait(&signals_, &signal) != 0) continue;
    if (signal == SIGUSR1) {
      if (ends_) return;
      continue;
    }
    if (signal_ != 0) ::_exit(128 + signal);
    signal_ = signal;
    stop_.request_stop();
  }
}

}  // namespace command
