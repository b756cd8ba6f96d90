// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>

#include "torch/tensor_network.hpp"

namespace transnet::libtorch {

/// A network whose forward pass for a fixed number of windows is recorded once as a CUDA graph: a replay is one launch
/// instead of one for each kernel. Other batches run as before. Exists in builds with TRANSNET_HAS_CUDA_GRAPHS.
class GraphNetwork final : public TensorNetwork {
 public:
  /// Runs `network` a few times, then records it for `windows` windows and the rows that a video keeps. The recording
  /// has its own memory on the CUDA device: as much as one forward pass needs. The network must not wait for the device
  /// nor read a value from it.
  /// @throws as LibTorch
  GraphNetwork(std::shared_ptr<const TensorNetwork> network, const at::Device& device, std::int64_t windows);
  ~GraphNetwork() override;

  [[nodiscard]] Heads forward(const at::Tensor& frames, nn::Rows rows) const override;

 private:
  class Recording;

  std::shared_ptr<const TensorNetwork> network_;
  std::int64_t windows_;
  std::unique_ptr<Recording> recording_;
};

}  // namespace transnet::libtorch
