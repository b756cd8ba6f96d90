// SPDX-License-Identifier: Apache-2.0
#include "torch/cuda_memory.hpp"

#include <cmath>

#if defined(TRANSNET_HAS_CUDA_HEADERS)
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/cuda/CUDACachingAllocator.h>
#endif

namespace transnet::libtorch {

std::int64_t cuda_batch_windows(double memory_gb, int concurrent_calls, const FrameSize& frame_size) {
  // The peak is in the second block of the first stack: two tensors of 64 channels, the branches before they are
  // concatenated and one spatial result, together 196 floats for each of a window's 100 * 27 * 48 pixels; cuDNN needs
  // as much again.
  const double window_gb = 0.25 * static_cast<double>(frame_size.bytes()) / static_cast<double>(frame_bytes);
  constexpr double fixed_gb = 1.0;       // context, kernels and weights
  constexpr double most_windows = 64.0;  // more windows gain nothing: the device is fully busy
  return static_cast<std::int64_t>(
      std::clamp(std::floor((memory_gb - fixed_gb) / concurrent_calls / window_gb), 1.0, most_windows));
}

void bound_cuda_memory([[maybe_unused]] const at::Device& device, [[maybe_unused]] double memory_gb) {
#if defined(TRANSNET_HAS_CUDA_HEADERS)
  at::detail::getCUDAHooks().init();  // before this call, the allocator knows no device
  // Uses the registered allocator's own table: the header's functions are in a library that a build without a driver
  // does not link.
  auto& allocator = static_cast<c10::cuda::CUDACachingAllocator::CUDAAllocator&>(*c10::GetAllocator(at::kCUDA));
  bound_memory(allocator, device.index(), memory_gb);
#endif
}

}  // namespace transnet::libtorch
