// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace transnet::libtorch {

/// A 2-D convolution over channels-last images that keeps their size, with an optional ReLU on its result. It uses full
/// fp32 (no TF32), whatever the process's global settings are.
class Convolution {
 public:
  using Pair = std::array<std::int64_t, 2>;

  /// `weight` is [out, in, kernel height, kernel width], `bias` is [out] or undefined; both lie on the device to run
  /// on.
  Convolution(const at::Tensor& weight, at::Tensor bias, Pair dilation, bool has_relu);

  [[nodiscard]] at::Tensor operator()(const at::Tensor& input) const;

 private:
  at::Tensor weight_;
  at::Tensor bias_;
  Pair padding_;
  Pair dilation_;
  bool has_relu_;
};

}  // namespace transnet::libtorch
