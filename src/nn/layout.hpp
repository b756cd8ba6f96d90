// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint/state_dict.hpp"

/// The networks of this library are relatives: three stacks of two dilated blocks each, two similarity branches and a
/// classifier. They differ in their blocks. A layout holds the differences as data, so that one piece of code reads and
/// runs all of them.
/// Source: Soucek, Lokoc: "TransNet V2", arXiv:2008.04838.
namespace transnet::nn {

inline constexpr std::size_t stack_count = 3;
inline constexpr std::size_t blocks_per_stack = 2;  ///< the output of the first is added to the second's, then pooled
inline constexpr std::size_t block_count = stack_count * blocks_per_stack;
inline constexpr std::int64_t similarity_width = 128;
inline constexpr std::int64_t lookup_frames = 101;  ///< a frame is compared with itself and with 50 frames on each side
inline constexpr std::int64_t histogram_bins = 512;  ///< three bits per channel
inline constexpr std::int64_t hidden_width = 1024;
inline constexpr double batch_norm_epsilon = 1e-3;

/// A convolution over three frames.
struct BranchLayout {
  std::string temporal;       ///< its tensor, [channels, spatial_channels, 3, 1, 1]
  std::int64_t channels = 0;  ///< its outputs
  std::int64_t dilation = 0;  ///< distance of the three frames
};

/// A dilated block: 3x3 convolutions inside a frame, without bias; branches in time, whose outputs are concatenated;
/// batch norm and ReLU.
struct BlockLayout {
  std::int64_t in_channels = 0;
  std::vector<std::string> spatial;   ///< tensors [spatial_channels, in_channels, 1, 3, 3]: one that all branches read,
                                      ///< or one for each branch
  std::int64_t spatial_channels = 0;  ///< outputs of one of them
  std::vector<BranchLayout> branches;
  std::string norm;  ///< beginning of the names of the batch norm's tensors

  [[nodiscard]] std::int64_t out_channels() const;
};

/// The beginnings of the names of the fully connected layers.
struct LinearNames {
  std::string projection, frame_similarity, color_similarity, hidden, single, many_hot;
};

/// A network.
struct Layout {
  std::string_view name;   ///< as in `ShotModelInfo::kind`
  double threshold = 0.0;  ///< that its authors publish with the weights
  std::array<BlockLayout, block_count> blocks;
  LinearNames linear;
  std::vector<TensorSpec> unused;  ///< further tensors of the published file, which the network does not read
};

/// Every tensor of the published state dict.
[[nodiscard]] std::vector<TensorSpec> tensor_specs(const Layout& layout);

/// The layout whose tensors have the most names in common with `names`; of two with the same number, TransNetV2's.
[[nodiscard]] const Layout& nearest_layout(const std::vector<std::string>& names);

}  // namespace transnet::nn
