// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/dense_kernels.hpp"

namespace transnet::nn::cpu {

/// The tensors of convolutions that run side by side, each as PyTorch lays it out.
using ConvWeights = std::vector<std::span<const float>>;

/// Weights [group_channels, 3, 1, 3, 3] of every group for `ConvKernels::first_conv`. The kernel reads bytes, so the
/// weights are multiplied by `scale` (1/255).
[[nodiscard]] std::vector<float> pack_first_conv(const ConvWeights& weights, int group_channels, double scale,
                                                 int panel_columns);

/// Weights [group_channels, in_channels, 1, 3, 3] of every group for `ConvKernels::winograd`, transformed in double
/// precision. `conv.weights` is not read.
template <typename Element>
[[nodiscard]] std::vector<Element> pack_winograd(const ConvWeights& weights, const SpatialConv<Element>& conv,
                                                 const ConvKernels<Element>& kernels);

template <typename Element>
struct PackedTemporalConv {
  std::vector<TemporalPanel> panels;
  std::vector<Element> weights;
  std::vector<float> bias;
};

/// Weights [outputs, in_channels, 3, 1, 1] and biases [outputs] of every branch for `ConvKernels::temporal`. Branches
/// may differ in their outputs; the last one has at least as many as a vector has floats.
template <typename Element>
[[nodiscard]] PackedTemporalConv<Element> pack_temporal(const ConvWeights& weights, const ConvWeights& biases,
                                                        int in_channels, const ConvKernels<Element>& kernels);

/// Weights [out, in] and biases [out] of a layer for `DenseKernels::dense`; `out` must be a whole number of panels.
struct PackedDense {
  std::vector<float> weights;
  std::vector<float> bias;
};
[[nodiscard]] PackedDense pack_dense(std::span<const float> weights, std::span<const float> bias, int in,
                                     const DenseKernels& kernels);

}  // namespace transnet::nn::cpu
