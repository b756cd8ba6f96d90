// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <vector>

#include "nn/transnetv2/weights.hpp"
#include "torch/convolution.hpp"

namespace transnet::libtorch {

/// The convolutions' output for windows [B, T]; the classifier reads it.
struct BackboneFeatures {
  at::Tensor pixels;  ///< [B, T, 3 * 6 * 256]: the last stack's picture, channels last
  at::Tensor means;   ///< [B, T, 64 + 128 + 256]: mean over the picture, for every stack
};

/// The three stacks of convolutions, by far the largest part of the network. Immutable: any number of threads at once.
class TensorBackbone {
 public:
  /// Convolutions run in `type`, float or bfloat16.
  TensorBackbone(const nn::transnetv2::Weights& weights, const at::Device& device, at::ScalarType type);

  /// uint8 [B, T, 27, 48, 3] on the backbone's device. Never waits for the device.
  [[nodiscard]] BackboneFeatures run(const at::Tensor& frames) const;

 private:
  struct Branch {
    Convolution spatial;
    Convolution temporal;
  };
  using Block = std::vector<Branch>;
  using Stack = std::array<Block, nn::transnetv2::blocks_per_stack>;

  at::ScalarType type_;
  std::vector<Stack> stacks_;
};

}  // namespace transnet::libtorch
