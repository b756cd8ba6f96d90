// SPDX-License-Identifier: Apache-2.0
#include "nn/autoshot/layout.hpp"

#include "transnet/frames.hpp"
#include "transnet/published_weights.hpp"

namespace transnet::nn::autoshot {
namespace {

struct BlockRow {
  const char* name;  // of the candidate that the search chose
  std::int64_t spatial_channels;
  bool shares_spatial;  // one 3x3 convolution for all branches
  std::int64_t out_channels;
  std::int64_t branch_count;
};

constexpr std::array<BlockRow, block_count> block_rows{{
    {"Layer_0_3", 16, false, 64, 4},
    {"Layer_1_8", 64, true, 64, 5},
    {"Layer_2_8", 128, true, 128, 5},
    {"Layer_3_8", 128, true, 128, 5},
    {"Layer_4_13", 192, false, 256, 5},
    {"Layer_5_12", 128, false, 256, 5},
}};

/// The branches have dilations 1, 2, 4 and so on and equally many outputs; the last one also has the remainder.
BlockLayout make_block(const BlockRow& row, std::int64_t in_channels) {
  const std::string name = row.name;
  BlockLayout block{.in_channels = in_channels,
                    .spatial = {},
                    .spatial_channels = row.spatial_channels,
                    .branches = {},
                    .norm = name + ".batch_norm."};
  if (row.shares_spatial) block.spatial.push_back(name + ".share.weight");
  const auto channels = row.out_channels / row.branch_count;
  for (std::int64_t branch = 0; branch < row.branch_count; ++branch) {
    const auto layers = name + ".conv_blocks." + std::to_string(branch) + ".layers.";
    if (!row.shares_spatial) block.spatial.push_back(layers + "0.weight");
    const bool is_last = branch == row.branch_count - 1;
    block.branches.push_back({.temporal = layers + (row.shares_spatial ? "0.weight" : "1.weight"),
                              .channels = is_last ? row.out_channels - branch * channels : channels,
                              .dilation = std::int64_t{1} << branch});
  }
  return block;
}

Layout make_layout() {
  constexpr const PublishedWeights& published = weights_of(PublishedModel::autoshot);
  Layout layout{.name = published.name,
                .threshold = published.threshold,
                .blocks = {},
                .linear = {.projection = "frame_sim_layer.projection.linear",
                           .frame_similarity = "frame_sim_layer.fc.linear",
                           .color_similarity = "color_hist_layer.fc.linear",
                           .hidden = "fc1_0.linear",
                           .single = "cls_layer1.linear",
                           .many_hot = "cls_layer2.linear"},
                // For a candidate with attention, which the search did not choose.
                .unused = {{"fc1.linear.weight", ScalarType::float32, {hidden_width, 5888}},
                           {"fc1.linear.bias", ScalarType::float32, {hidden_width}}}};
  std::int64_t in_channels = frame_channels;
  for (std::size_t index = 0; index < block_count; ++index) {
    layout.blocks[index] = make_block(block_rows[index], in_channels);
    in_channels = layout.blocks[index].out_channels();
  }
  return layout;
}

}  // namespace

const Layout& layout() {
  static const Layout layout = make_layout();
  return layout;
}

}  // namespace transnet::nn::autoshot
