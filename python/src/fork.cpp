// SPDX-License-Identifier: Apache-2.0
#include "fork.hpp"

#include <pthread.h>

#include <atomic>
#include <string>

#include "foreground.hpp"
#include "transnet/error.hpp"

namespace transnet::python {
namespace {

std::atomic<long> generation = 0;

}  // namespace

void watch_forks() {
  ::pthread_atfork(nullptr, nullptr, [] {
    ++generation;
    Foreground::forget_all();
  });
}

long fork_generation() noexcept { return generation; }

void check_generation(long made_in, const char* what) {
  if (made_in == generation) return;
  throw Error(ErrorCode::unsupported, std::string(what) +
                                          " does not work in a process that was forked after it was made, because its "
                                          "threads stay behind: make it in the new process, or start processes with "
                                          "multiprocessing's method \"spawn\" or \"forkserver\"");
}

}  // namespace transnet::python
