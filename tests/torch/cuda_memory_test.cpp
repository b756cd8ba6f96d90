// SPDX-License-Identifier: Apache-2.0
#include "torch/cuda_memory.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <utility>

namespace transnet::libtorch {
namespace {

constexpr std::size_t total_bytes = 40'000'000'000;

/// The part of LibTorch's allocator that the code uses; keeps the given bound.
struct Allocator {
  std::optional<double> fraction;
  int device = -1;

  static std::pair<std::size_t, std::size_t> getMemoryInfo(c10::DeviceIndex /*device*/) { return {0, total_bytes}; }
  void setMemoryFraction(double value, c10::DeviceIndex index) {
    fraction = value;
    device = int{index};
  }
};

struct OldAllocator {
  static void setMemoryFraction(double /*value*/, c10::DeviceIndex /*index*/) { FAIL() << "of how much?"; }
};

TEST(CudaMemory, BoundsTheAllocatorOfThatDevice) {
  Allocator allocator;
  bound_memory(allocator, 3, 10.0);
  EXPECT_EQ(allocator.fraction, 0.25);
  EXPECT_EQ(allocator.device, 3);
}

TEST(CudaMemory, TakesNoMoreThanThereIs) {
  Allocator allocator;
  bound_memory(allocator, 0, 80.0);
  EXPECT_EQ(allocator.fraction, 1.0);
}

TEST(CudaMemory, LeavesAnAllocatorThatDoesNotTellItsMemory) {
  OldAllocator allocator;
  bound_memory(allocator, 0, 10.0);
}

TEST(CudaMemory, WindowsFitTheBudget) {
  const FrameSize usual;
  EXPECT_EQ(cuda_batch_windows(0.001, 1, usual), 1);  // at least one, whatever the memory
  EXPECT_LT(cuda_batch_windows(4.0, 1, usual), cuda_batch_windows(10.0, 1, usual));
  EXPECT_LT(cuda_batch_windows(10.0, 4, usual), cuda_batch_windows(10.0, 1, usual));
  EXPECT_LT(cuda_batch_windows(10.0, 1, {96, 54}), cuda_batch_windows(10.0, 1, usual));
  EXPECT_LE(cuda_batch_windows(1e9, 1, usual), 64);
}

}  // namespace
}  // namespace transnet::libtorch
