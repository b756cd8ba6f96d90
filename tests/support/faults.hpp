// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

/// Failures of the machine, on order: a test program that is linked with faults.cpp reads, allocates and starts threads
/// through functions that can be told to fail.
namespace transnet::test {

/// Makes one call of a kind fail.
class Fault {
 public:
  /// The `call`th from now on fails, 1 = the next.
  void arm(std::int64_t call) noexcept { left_ = call; }
  void disarm() noexcept { left_ = unarmed; }
  /// Called by the faulty function: whether this is the failing call.
  [[nodiscard]] bool strikes() noexcept { return left_.load(std::memory_order_relaxed) != unarmed && --left_ == 0; }

  /// How many calls `work` makes.
  template <typename Work>
  std::int64_t count(Work work) {
    constexpr std::int64_t many = std::numeric_limits<std::int64_t>::max();
    arm(many);
    work();
    const std::int64_t left = left_;
    disarm();
    return many - left;
  }

 private:
  static constexpr std::int64_t unarmed = -1;
  std::atomic<std::int64_t> left_ = unarmed;
};

struct Faults {
  Fault operator_new;
  Fault posix_memalign;  ///< where FFmpeg gets its memory
  Fault pthread_create;
  // For pread, in every file:
  std::atomic<std::int64_t> eio_from_bytes = std::numeric_limits<std::int64_t>::max();
  std::atomic<std::size_t> most_bytes = std::numeric_limits<std::size_t>::max();
  std::atomic<bool> interrupts_every_other_read = false;
};

/// The faults of this program.
Faults& faults() noexcept;

}  // namespace transnet::test
