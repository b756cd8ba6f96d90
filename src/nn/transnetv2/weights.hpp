// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/checkpoint/state_dict.hpp"
#include "nn/checkpoint/tensor.hpp"

/// The published network's layout: three stacks of two dilated blocks each, two similarity branches and a classifier.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
namespace transnet::nn::transnetv2 {

inline constexpr std::size_t stack_count = 3;
inline constexpr std::size_t blocks_per_stack = 2;
inline constexpr std::size_t branch_count = 4;
inline constexpr std::array<std::int64_t, stack_count> stack_filters{16, 32, 64};  ///< filters of one branch
inline constexpr std::array<std::int64_t, branch_count> dilations{1, 2, 4, 8};     ///< one per branch, in time
inline constexpr std::int64_t similarity_width = 128;
inline constexpr std::int64_t lookup_frames = 101;  ///< a frame is compared with itself and with 50 frames on each side
inline constexpr std::int64_t histogram_bins = 512;  ///< three bits per channel
inline constexpr std::int64_t hidden_width = 1024;
inline constexpr double batch_norm_epsilon = 1e-3;

/// Channels of a stack's input and output.
[[nodiscard]] std::int64_t input_channels(std::size_t stack);
[[nodiscard]] std::int64_t output_channels(std::size_t stack);

/// Every tensor of the published state dict.
[[nodiscard]] std::vector<TensorSpec> tensor_specs();

/// Two convolutions: 3x3 inside a frame, without bias, then over three frames at the branch's dilation.
struct Branch {
  std::vector<float> spatial;   ///< [2 * filters, in, 3, 3]
  std::vector<float> temporal;  ///< [filters, 2 * filters, 3], with the following batch norm folded in
  std::vector<float> bias;      ///< [filters], from the batch norm
};

/// A dilated block ("DDCNN" cell): its branches read the same input, and their outputs are concatenated.
struct Block {
  std::int64_t in_channels = 0;
  std::int64_t filters = 0;  ///< outputs of one branch
  std::array<Branch, branch_count> branches;
};

/// A fully connected layer.
struct Linear {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::vector<float> weight;  ///< [out, in]
  std::vector<float> bias;    ///< [out]
};

/// The weights that the network computes with. A backend packs them into its own form.
struct Weights {
  std::array<std::array<Block, blocks_per_stack>, stack_count> stacks;
  Linear projection;                 ///< input: means of the stacks; before frames are compared
  Linear frame_similarity;           ///< input: cosines of projected frames
  Linear color_similarity;           ///< input: cosines of colour histograms
  Linear hidden;                     ///< input: colour similarity, frame similarity, pixels of the last stack
  Linear single;                     ///< head for single frames
  Linear many_hot;                   ///< head for all frames of a transition
  std::int64_t parameter_count = 0;  ///< number of trained parameters in the checkpoint
};

/// The weights from tensors that `tensor_specs` describes. Batch norm is folded in with double precision.
/// @throws Error(bad_weights) for a negative variance; without the file's name.
[[nodiscard]] Weights read_weights(const StateDict& tensors);

}  // namespace transnet::nn::transnetv2
