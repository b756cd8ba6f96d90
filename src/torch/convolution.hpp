// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace transnet::model {

/// A 2-D convolution over channels-last images that keeps their size, with an optional ReLU on its result.
///
/// On a CPU with oneDNN the weights are brought into the layout that its kernels want once, here, and the ReLU is part
/// of the kernel; PyTorch's own conv2d does both anew in every call. Anywhere else it is an ordinary convolution, in
/// full fp32 (no TF32) whatever the process has set globally.
class Convolution {
 public:
  using Pair = std::array<std::int64_t, 2>;

  /// `weight` is [out, in, kernel height, kernel width], `bias` [out] or undefined, both on the device to run on.
  /// `image` is the height and width to expect, and `images` how many of them: only speed depends on these.
  Convolution(const at::Tensor& weight, at::Tensor bias, Pair dilation, bool has_relu, std::int64_t images, Pair image);

  [[nodiscard]] at::Tensor operator()(const at::Tensor& input) const;

 private:
  at::Tensor weight_;
  at::Tensor bias_;
  Pair padding_;
  Pair dilation_;
  bool has_relu_;
  bool is_prepacked_ = false;
};

}  // namespace transnet::model
