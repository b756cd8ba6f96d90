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
inline constexpr std::array<std::int64_t, stack_count> stack_filters{16, 32, 64};  ///< of one branch
inline constexpr std::array<std::int64_t, branch_count> dilations{1, 2, 4, 8};     ///< one a branch, in time
inline constexpr std::int64_t similarity_width = 128;
inline constexpr std::int64_t lookup_frames = 101;   ///< a frame is compared with 50 on both sides and itself
inline constexpr std::int64_t histogram_bins = 512;  ///< three bits a channel
inline constexpr std::int64_t hidden_width = 1024;
inline constexpr double batch_norm_epsilon = 1e-3;

/// Channels of the input and, by stack, of its output.
[[nodiscard]] std::int64_t input_channels(std::size_t stack);
[[nodiscard]] std::int64_t output_channels(std::size_t stack);

/// Every tensor of the published state dict.
[[nodiscard]] std::vector<TensorSpec> tensor_specs();

/// Two convolutions: 3x3 inside a frame, without bias, then over three frames at the branch's dilation.
struct Branch {
  std::vector<float> spatial;   ///< [2 * filters, in, 3, 3]
  std::vector<float> temporal;  ///< [filters, 2 * filters, 3], with the batch norm that follows folded in
  std::vector<float> bias;      ///< [filters], of the batch norm
};

/// A dilated block ("DDCNN" cell): its branches read the same input, and their outputs are joined.
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

/// What the network computes with. A backend brings it into the form in which it runs.
struct Weights {
  std::array<std::array<Block, blocks_per_stack>, stack_count> stacks;
  Linear projection;                 ///< of the stacks' means, before frames are compared
  Linear frame_similarity;           ///< of the cosines of projected frames
  Linear color_similarity;           ///< of the cosines of colour histograms
  Linear hidden;                     ///< input: colour similarity, frame similarity, pixels of the last stack
  Linear single;                     ///< the head of single frames
  Linear many_hot;                   ///< the head of all frames of a transition
  std::int64_t parameter_count = 0;  ///< trained ones, as the checkpoint holds them
};

/// The weights of tensors that `tensor_specs` describes. Batch norm is folded in double precision.
/// @throws Error(bad_weights) for a negative variance; without the file's name.
[[nodiscard]] Weights read_weights(const StateDict& tensors);

}  // namespace transnet::nn::transnetv2
