// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

namespace transnet::test {

/// Expects at its end that this process has no more threads than when it was made, and as many open files. A thread
/// that was joined can stay in the kernel's list for a moment.
class NothingIsLeft {
 public:
  NothingIsLeft() = default;
  NothingIsLeft(const NothingIsLeft&) = delete;
  NothingIsLeft& operator=(const NothingIsLeft&) = delete;
  ~NothingIsLeft() {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(2);
    while (entries_of(thread_folder) > threads_ && Clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_LE(entries_of(thread_folder), threads_) << "a thread was left behind";
    EXPECT_EQ(entries_of(file_folder), files_) << "a file was left open";
  }

 private:
  static constexpr const char* thread_folder = "/proc/self/task";
  static constexpr const char* file_folder = "/proc/self/fd";

  static std::ptrdiff_t entries_of(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
  }

  std::ptrdiff_t threads_ = entries_of(thread_folder);
  std::ptrdiff_t files_ = entries_of(file_folder);
};

}  // namespace transnet::test
