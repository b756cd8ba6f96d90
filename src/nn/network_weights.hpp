// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/checkpoint/tensor.hpp"
#include "nn/layout.hpp"

namespace transnet::nn {

/// A convolution over three frames.
struct Branch {
  std::size_t spatial = 0;  ///< index of the 3x3 convolution that it reads
  std::int64_t channels = 0;
  std::int64_t dilation = 0;
  std::vector<float> temporal;  ///< [channels, spatial_channels, 3], with the following batch norm folded in
  std::vector<float> bias;      ///< [channels], from the batch norm
};

/// A dilated block: its branches' outputs are concatenated.
struct Block {
  std::int64_t in_channels = 0;
  std::int64_t spatial_channels = 0;
  std::int64_t out_channels = 0;
  std::vector<std::vector<float>> spatial;  ///< each [spatial_channels, in_channels, 3, 3]
  std::vector<Branch> branches;
};

/// A fully connected layer.
struct Linear {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::vector<float> weight;  ///< [out, in]
  std::vector<float> bias;    ///< [out]
};

/// The weights that a network computes with. A backend packs them into its own form.
struct NetworkWeights {
  std::array<Block, block_count> blocks;
  Linear projection;                 ///< input: means of the stacks; before frames are compared
  Linear frame_similarity;           ///< input: cosines of projected frames
  Linear color_similarity;           ///< input: cosines of colour histograms
  Linear hidden;                     ///< input: colour similarity, frame similarity, pixels of the last stack
  Linear single;                     ///< head for single frames
  Linear many_hot;                   ///< head for all frames of a transition
  std::int64_t parameter_count = 0;  ///< number of trained parameters in the checkpoint
};

/// The weights from tensors that `tensor_specs(layout)` describes. Batch norm is folded in with double precision.
/// @throws Error(bad_weights) for a negative variance; without the file's name.
[[nodiscard]] NetworkWeights read_weights(const Layout& layout, const StateDict& tensors);

}  // namespace transnet::nn
