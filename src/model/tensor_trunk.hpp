#pragma once

#include <array>
#include <vector>

#include "model/convolution.hpp"
#include "model/state_dict.hpp"
#include "model/transnetv2_layout.hpp"
#include "model/trunk.hpp"

namespace transnet::model {

/// The trunk by LibTorch's operators, on any device.
class TensorTrunk final : public Trunk {
 public:
  /// The tensors are those of `transnetv2::tensor_specs`; convolutions run in `type`, float or bfloat16.
  TensorTrunk(const StateDict& tensors, const at::Device& device, at::ScalarType type);

  [[nodiscard]] TrunkFeatures run(const at::Tensor& frames) const override;

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
