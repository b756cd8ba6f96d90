// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "torch/checkpoint/state_dict.hpp"

/// The published network's tensors: three stacks of two dilated blocks each, two similarity branches and a classifier.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
namespace transnet::model::transnetv2 {

inline constexpr std::array<std::int64_t, 3> stack_filters{16, 32, 64};  ///< of one branch
inline constexpr std::array<std::int64_t, 4> dilations{1, 2, 4, 8};      ///< one a branch, in time
inline constexpr std::int64_t blocks_per_stack = 2;
inline constexpr std::int64_t similarity_width = 128;
inline constexpr std::int64_t lookup_frames = 101;  ///< a frame is compared with 50 on both sides and itself
inline constexpr std::int64_t hidden_width = 1024;
inline constexpr double batch_norm_epsilon = 1e-3;

/// Channels of the input and, by stack, of its output.
[[nodiscard]] std::int64_t input_channels(std::size_t stack);
[[nodiscard]] std::int64_t output_channels(std::size_t stack);

/// Every tensor of the published state dict.
[[nodiscard]] std::vector<TensorSpec> tensor_specs();

/// Names in the state dict, e.g. "SDDCNN.0.DDCNN.1" and "SDDCNN.0.DDCNN.1.Conv3D_4".
[[nodiscard]] std::string block_name(std::size_t stack, std::int64_t block);
[[nodiscard]] std::string branch_name(std::size_t stack, std::int64_t block, std::int64_t dilation);

/// A branch's temporal convolution with the batch norm that follows it folded in.
struct FoldedTemporal {
  at::Tensor weight;  ///< [filters, 2 * filters, 3, 1]
  at::Tensor bias;    ///< [filters]
};
[[nodiscard]] FoldedTemporal fold_batch_norm(const StateDict& tensors, std::size_t stack, std::int64_t block,
                                             std::size_t branch);

}  // namespace transnet::model::transnetv2
