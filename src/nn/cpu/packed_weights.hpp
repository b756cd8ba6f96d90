// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"

namespace transnet::nn::cpu {

/// One branch's tensor for each of the four branches, as PyTorch lays it out.
using BranchWeights = std::array<std::span<const float>, branches>;

/// Batch normalisation over the joined branches: [4 * branch_out_channels] each.
struct BatchNorm {
  std::span<const float> gamma;
  std::span<const float> beta;
  std::span<const float> mean;
  std::span<const float> variance;
  double epsilon = 1e-3;
};

/// Weights [branch_channels, 3, 1, 3, 3] for `ConvKernels::first_conv`. The kernel reads bytes: `scale` (1/255) is
/// multiplied in.
[[nodiscard]] std::vector<float> pack_first_conv(const BranchWeights& weights, int branch_channels, double scale,
                                                 int panel_columns);

/// Weights [branch_channels, in_channels, 1, 3, 3] for `ConvKernels::winograd`, transformed in double precision. Those
/// that `conv` names are not read.
template <typename Element>
[[nodiscard]] std::vector<Element> pack_winograd(const BranchWeights& weights, const SpatialConv<Element>& conv,
                                                 const ConvKernels<Element>& kernels);

template <typename Element>
struct PackedTemporalConv {
  std::vector<Element> weights;
  std::vector<float> bias;
};

/// Weights [branch_out_channels, branch_in_channels, 3, 1, 1] for `ConvKernels::temporal`, batch normalisation folded
/// in.
template <typename Element>
[[nodiscard]] PackedTemporalConv<Element> pack_temporal(const BranchWeights& weights, const BatchNorm& norm,
                                                        int branch_in_channels, int branch_out_channels,
                                                        const ConvKernels<Element>& kernels);

}  // namespace transnet::nn::cpu
