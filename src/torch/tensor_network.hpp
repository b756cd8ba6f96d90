// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "nn/network.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {

/// Output for a batch of windows: probabilities [B, rows] on the network's device. `many_hot` is undefined if
/// there is no such head.
struct Heads {
  at::Tensor single;
  at::Tensor many_hot;
};

/// A network over tensors. Immutable: any number of threads at once.
class TensorNetwork {
 public:
  virtual ~TensorNetwork() = default;
  TensorNetwork() = default;
  TensorNetwork(const TensorNetwork&) = delete;
  TensorNetwork& operator=(const TensorNetwork&) = delete;

  /// uint8 [B, T, height, width, 3] on the network's device. Never waits for the device.
  [[nodiscard]] virtual Heads forward(const at::Tensor& frames, nn::Rows rows) const = 0;
};

/// The requested rows of [B, T, ...], as a view.
[[nodiscard]] inline at::Tensor select_rows(const at::Tensor& values, nn::Rows rows) {
  return rows == nn::Rows::all ? values : values.narrow(1, window_context, window_stride);
}

}  // namespace transnet::libtorch
