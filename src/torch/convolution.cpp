// SPDX-License-Identifier: Apache-2.0
#include "torch/convolution.hpp"

#include <ATen/ops/_convolution.h>

#include <utility>

namespace transnet::libtorch {

Convolution::Convolution(const at::Tensor& weight, at::Tensor bias, Pair dilation, bool has_relu)
    : weight_(weight.contiguous(at::MemoryFormat::ChannelsLast)),
      bias_(std::move(bias)),
      padding_{dilation[0] * (weight.size(2) / 2), dilation[1] * (weight.size(3) / 2)},
      dilation_(dilation),
      has_relu_(has_relu) {}

at::Tensor Convolution::operator()(const at::Tensor& input) const {
  constexpr bool is_transposed = false;
  constexpr bool picks_fastest = false;
  constexpr bool is_deterministic = false;
  constexpr bool uses_cudnn = true;
  constexpr bool allows_tf32 = false;
  constexpr Pair stride{1, 1};
  constexpr Pair output_padding{0, 0};
  auto output = at::_convolution(input, weight_, bias_, stride, padding_, dilation_, is_transposed, output_padding, 1,
                                 picks_fastest, is_deterministic, uses_cudnn, allows_tf32);
  return has_relu_ ? output.relu_() : output;
}

}  // namespace transnet::libtorch
