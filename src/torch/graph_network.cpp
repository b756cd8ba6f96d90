// SPDX-License-Identifier: Apache-2.0
#include "torch/graph_network.hpp"

#include <ATen/cuda/CUDAGraph.h>
#include <ATen/ops/zeros.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/Event.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/cuda/CUDACachingAllocator.h>

#include <mutex>
#include <utility>

#include "transnet/frames.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {

/// The graph with its input and output on the device. For any number of threads, whose replays follow each other.
class GraphNetwork::Recording {
 public:
  Recording(const TensorNetwork& network, const at::Device& device, std::int64_t windows) {
    const c10::InferenceMode inference;
    const c10::DeviceGuard device_guard(device);
    const c10::impl::VirtualGuardImpl cuda(at::kCUDA);
    frames_ = at::zeros({windows, window_frames, frame_height, frame_width, frame_channels},
                        at::TensorOptions().dtype(at::kByte).device(device));
    cuda.getStream(device).synchronize();
    const auto stream = cuda.getStreamFromGlobalPool(device);
    const c10::StreamGuard stream_guard(stream);  // the default stream cannot be recorded
    // The libraries choose kernels and allocate their own memory on first use, which a recording must not do.
    constexpr int settling_runs = 3;
    for (int run = 0; run < settling_runs; ++run) (void)network.forward(frames_, nn::Rows::kept);
    stream.synchronize();
    // While it records, the allocator gives nothing back to the device.
    static_cast<c10::cuda::CUDACachingAllocator::CUDAAllocator&>(*c10::GetAllocator(at::kCUDA)).emptyCache();
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    heads_ = network.forward(frames_, nn::Rows::kept);
    graph_.capture_end();
  }

  [[nodiscard]] Heads replay(const at::Tensor& frames) {
    const std::lock_guard lock(mutex_);
    const auto stream = c10::impl::VirtualGuardImpl(at::kCUDA).getStream(frames.device());
    last_use_.block(stream);  // the last replay may have been on another stream
    frames_.copy_(frames, /*non_blocking=*/true);
    graph_.replay();
    // The next replay overwrites the output.
    Heads heads{heads_.single.clone(), heads_.many_hot.defined() ? heads_.many_hot.clone() : at::Tensor()};
    last_use_.record(stream);
    return heads;
  }

 private:
  std::mutex mutex_;  // guards all members
  at::Tensor frames_;
  Heads heads_;
  at::cuda::CUDAGraph graph_;
  c10::Event last_use_{at::kCUDA};
};

GraphNetwork::GraphNetwork(std::shared_ptr<const TensorNetwork> network, const at::Device& device, std::int64_t windows)
    : network_(std::move(network)),
      windows_(windows),
      recording_(std::make_unique<Recording>(*network_, device, windows)) {}

GraphNetwork::~GraphNetwork() = default;

Heads GraphNetwork::forward(const at::Tensor& frames, nn::Rows rows) const {
  if (rows == nn::Rows::kept && frames.size(0) == windows_) return recording_->replay(frames);
  return network_->forward(frames, rows);
}

}  // namespace transnet::libtorch
