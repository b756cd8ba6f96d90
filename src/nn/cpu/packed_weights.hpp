// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/dense_kernels.hpp"

namespace transnet::nn::cpu {

/// One branch's tensor for each of the four branches, as PyTorch lays it out.
using BranchWeights = std::array<std::span<const float>, branches>;

/// Weights [branch_channels, 3, 1, 3, 3] for `ConvKernels::first_conv`. The kernel reads bytes, so the weights are
/// multiplied by `scale` (1/255).
[[nodiscard]] std::vector<float> pack_first_conv(const BranchWeights& weights, int branch_channels, double scale,
                                                 int panel_columns);

/// Weights [branch_channels, in_channels, 1, 3, 3] for `ConvKernels::winograd`, transformed in double precision.
/// `conv.weights` is not read.
template <typename Element>
[[nodiscard]] std::vector<Element> pack_winograd(const BranchWeights& weights, const SpatialConv<Element>& conv,
                                                 const ConvKernels<Element>& kernels);

template <typename Element>
struct PackedTemporalConv {
  std::vector<Element> weights;
  std::vector<float> bias;
};

/// Weights [branch_out_channels, branch_in_channels, 3, 1, 1] and biases [branch_out_channels] for
/// `ConvKernels::temporal`.
template <typename Element>
[[nodiscard]] PackedTemporalConv<Element> pack_temporal(const BranchWeights& weights, const BranchWeights& biases,
                                                        int branch_in_channels, int branch_out_channels,
                                                        const ConvKernels<Element>& kernels);

/// Weights [out, in] and biases [out] of a layer for `DenseKernels::dense`; `out` must be a whole number of panels.
struct PackedDense {
  std::vector<float> weights;
  std::vector<float> bias;
};
[[nodiscard]] PackedDense pack_dense(std::span<const float> weights, std::span<const float> bias, int in,
                                     const DenseKernels& kernels);

}  // namespace transnet::nn::cpu
