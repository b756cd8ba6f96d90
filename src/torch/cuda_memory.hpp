// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <algorithm>
#include <cstdint>

/// What `gpu_memory_gb` means on a CUDA device.
namespace transnet::libtorch {

/// Windows that fit in each of some calls at once on a device with `memory_gb` for everything: an estimate.
[[nodiscard]] std::int64_t cuda_batch_windows(double memory_gb, int concurrent_calls);

/// Holds LibTorch's allocator on that device, for the whole process, to `memory_gb`; does nothing where the LibTorch
/// that this was built with does not tell how much memory a device has, or came without the headers of its CUDA part.
/// @throws as LibTorch
void bound_cuda_memory(const at::Device& device, double memory_gb);

/// The same on any allocator of LibTorch's that caches. Those of releases that do not say how much there is are left as
/// they are.
template <class Allocator>
void bound_memory(Allocator& allocator, c10::DeviceIndex device, double memory_gb) {
  if constexpr (requires { allocator.getMemoryInfo(device); }) {
    const auto total_bytes = static_cast<double>(allocator.getMemoryInfo(device).second);
    if (total_bytes > 0.0) allocator.setMemoryFraction(std::min(1.0, memory_gb * 1e9 / total_bytes), device);
  }
}

}  // namespace transnet::libtorch
