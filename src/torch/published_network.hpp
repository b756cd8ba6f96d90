// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nn/network_weights.hpp"
#include "torch/tensor_backbone.hpp"
#include "torch/tensor_network.hpp"

namespace transnet::libtorch {

/// A network of a published layout with LibTorch's operators, on any device: a backbone of convolutions, two similarity
/// branches and a classifier. Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
class PublishedNetwork final : public TensorNetwork {
 public:
  /// Convolutions run in `type`, float or bfloat16.
  PublishedNetwork(const nn::NetworkWeights& weights, const at::Device& device, at::ScalarType type);

  [[nodiscard]] Heads forward(const at::Tensor& frames, nn::Rows rows) const override;

 private:
  struct Linear {
    at::Tensor weight;
    at::Tensor bias;
    [[nodiscard]] at::Tensor operator()(const at::Tensor& input) const;
  };

  [[nodiscard]] at::Tensor frame_similarity(const at::Tensor& means) const;
  [[nodiscard]] at::Tensor color_similarity(const at::Tensor& frames) const;

  TensorBackbone backbone_;
  Linear projection_;
  Linear frame_similarity_;
  Linear color_similarity_;
  Linear hidden_;
  Linear heads_;  // both heads: the rows single, many-hot
};

}  // namespace transnet::libtorch
