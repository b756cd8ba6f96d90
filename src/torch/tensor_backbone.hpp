// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/network_weights.hpp"
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
  TensorBackbone(const nn::NetworkWeights& weights, const at::Device& device, at::ScalarType type);

  /// uint8 [B, T, 27, 48, 3] on the backbone's device. Never waits for the device.
  [[nodiscard]] BackboneFeatures run(const at::Tensor& frames) const;

 private:
  struct Branch {
    std::size_t spatial = 0;  // index of the convolution that it reads
    Convolution temporal;
  };
  struct Block {
    std::vector<Convolution> spatial;
    std::vector<Branch> branches;
  };

  [[nodiscard]] static at::Tensor run_block(const Block& block, const at::Tensor& input, std::int64_t batch);

  at::ScalarType type_;
  std::vector<Block> blocks_;
};

}  // namespace transnet::libtorch
