// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <algorithm>
#include <cstdint>

#include "transnet/frames.hpp"

/// The meaning of `gpu_memory_gb` on a CUDA device.
namespace transnet::libtorch {

/// Estimates the number of windows that fit in each of `concurrent_calls` calls on a device with `memory_gb` for
/// everything.
[[nodiscard]] std::int64_t cuda_batch_windows(double memory_gb, int concurrent_calls, const FrameSize& frame_size);

/// Limits LibTorch's allocator on that device to `memory_gb`, for the whole process. Does nothing if the LibTorch of
/// the build cannot tell a device's memory size, or lacks the headers of its CUDA library.
/// @throws as LibTorch
void bound_cuda_memory(const at::Device& device, double memory_gb);

/// As `bound_cuda_memory`, for any caching allocator of LibTorch. It does nothing for a release whose allocator cannot
/// tell the memory size.
template <class Allocator>
void bound_memory(Allocator& allocator, c10::DeviceIndex device, double memory_gb) {
  if constexpr (requires { allocator.getMemoryInfo(device); }) {
    const auto total_bytes = static_cast<double>(allocator.getMemoryInfo(device).second);
    if (total_bytes > 0.0) allocator.setMemoryFraction(std::min(1.0, memory_gb * 1e9 / total_bytes), device);
  }
}

}  // namespace transnet::libtorch
