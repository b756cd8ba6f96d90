// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <system_error>
#include <thread>
#include <utility>

#include "transnet/abi.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Starts a thread that does `work`. `top -H`, gdb and perf show `name`: at most 15 letters.
/// @throws Error(out_of_memory) if the system has no more threads.
template <typename Work>
std::jthread start_thread(const char* name, Work work) {
  try {
    std::jthread thread(std::move(work));
    pthread_setname_np(thread.native_handle(), name);
    return thread;
  } catch (const std::system_error& error) {
    throw Error(ErrorCode::out_of_memory, "a thread cannot be started: " + error.code().message());
  }
}

}  // namespace transnet::inline TRANSNET_ABI
