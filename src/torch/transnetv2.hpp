// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "torch/backbone.hpp"
#include "torch/checkpoint/state_dict.hpp"
#include "torch/network.hpp"

namespace transnet::model {

/// The published network: a backbone of convolutions, two similarity branches and a classifier.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
class TransNetV2 final : public Network {
 public:
  /// Runs on `device`; the tensors are those of `transnetv2::tensor_specs`. `automatic` has both precisions on a CPU
  /// with fast bf16, fp32 anywhere else. `threads` is what all calls share on a CPU.
  /// @throws Error(unsupported) for bf16 on a CPU that is not fast at it.
  TransNetV2(const StateDict& tensors, const at::Device& device, Precision precision, int threads);

  [[nodiscard]] Precision precision() const noexcept override;
  [[nodiscard]] Heads forward(const at::Tensor& frames, Precision precision, Rows rows) const override;

 private:
  struct Linear {
    at::Tensor weight;
    at::Tensor bias;
    [[nodiscard]] at::Tensor operator()(const at::Tensor& input) const;
  };

  [[nodiscard]] at::Tensor frame_similarity(const at::Tensor& means) const;
  [[nodiscard]] at::Tensor color_similarity(const at::Tensor& frames) const;

  std::unique_ptr<Backbone> fp32_backbone_;  // one of the two may be null
  std::unique_ptr<Backbone> bf16_backbone_;
  Linear projection_;
  Linear frame_similarity_;
  Linear color_similarity_;
  Linear hidden_;
  Linear heads_;  // both in one: rows single, many-hot
};

}  // namespace transnet::model
