#pragma once

#include <memory>

#include "model/network.hpp"
#include "model/state_dict.hpp"
#include "model/trunk.hpp"

namespace transnet::model {

/// The published network: a trunk of convolutions, two similarity branches and a classifier.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
class TransNetV2 final : public Network {
 public:
  /// Runs on `device`; the tensors are those of `transnetv2::tensor_specs`.
  TransNetV2(const StateDict& tensors, const at::Device& device);

  [[nodiscard]] Heads forward(const at::Tensor& frames) const override;

 private:
  struct Linear {
    at::Tensor weight;
    at::Tensor bias;
    [[nodiscard]] at::Tensor operator()(const at::Tensor& input) const;
  };

  [[nodiscard]] at::Tensor frame_similarity(const at::Tensor& means) const;
  [[nodiscard]] at::Tensor color_similarity(const at::Tensor& frames) const;

  std::unique_ptr<Trunk> trunk_;
  Linear projection_;
  Linear frame_similarity_;
  Linear color_similarity_;
  Linear hidden_;
  Linear heads_;  // both in one: rows single, many-hot
};

}  // namespace transnet::model
