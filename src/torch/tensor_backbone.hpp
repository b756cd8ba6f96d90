// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "torch/backbone.hpp"
#include "torch/checkpoint/state_dict.hpp"
#include "torch/convolution.hpp"
#include "torch/transnetv2_layout.hpp"

namespace transnet::model {

/// The backbone by LibTorch's operators, on any device.
class TensorBackbone final : public Backbone {
 public:
  /// The tensors are those of `transnetv2::tensor_specs`; convolutions run in `type`, float or bfloat16.
  TensorBackbone(const StateDict& tensors, const at::Device& device, at::ScalarType type);

  [[nodiscard]] BackboneFeatures run(const at::Tensor& frames) const override;

 private:
  struct Branch {
    Convolution spatial;
    Convolution temporal;
  };
  using Block = std::vector<Branch>;
  using Stack = std::array<Block, transnetv2::blocks_per_stack>;

  at::ScalarType type_;
  std::vector<Stack> stacks_;
};

}  // namespace transnet::model
