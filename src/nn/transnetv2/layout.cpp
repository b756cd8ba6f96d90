// SPDX-License-Identifier: Apache-2.0
#include "nn/transnetv2/layout.hpp"

#include "transnet/frames.hpp"
#include "transnet/published_weights.hpp"

namespace transnet::nn::transnetv2 {
namespace {

constexpr std::array<std::int64_t, stack_count> stack_filters{16, 32, 64};  // outputs of one branch
constexpr std::array<std::int64_t, 4> dilations{1, 2, 4, 8};                // one per branch

Layout make_layout() {
  constexpr const PublishedWeights& published = weights_of(PublishedModel::transnetv2);
  Layout layout{.name = published.name,
                .threshold = published.threshold,
                .blocks = {},
                .linear = {.projection = "frame_sim_layer.projection",
                           .frame_similarity = "frame_sim_layer.fc",
                           .color_similarity = "color_hist_layer.fc",
                           .hidden = "fc1",
                           .single = "cls_layer1",
                           .many_hot = "cls_layer2"},
                .unused = {}};
  std::int64_t in_channels = frame_channels;
  for (std::size_t index = 0; index < block_count; ++index) {
    const std::size_t stack = index / blocks_per_stack;
    // For example "SDDCNN.0.DDCNN.1." and "SDDCNN.0.DDCNN.1.Conv3D_4.layers.0.weight".
    const auto name = "SDDCNN." + std::to_string(stack) + ".DDCNN." + std::to_string(index % blocks_per_stack) + ".";
    BlockLayout& block = layout.blocks[index];
    block.in_channels = in_channels;
    block.spatial_channels = 2 * stack_filters[stack];
    block.norm = name + "bn.";
    for (const auto dilation : dilations) {
      const auto branch = name + "Conv3D_" + std::to_string(dilation);
      block.spatial.push_back(branch + ".layers.0.weight");
      block.branches.push_back({branch + ".layers.1.weight", stack_filters[stack], dilation});
    }
    in_channels = block.out_channels();
  }
  return layout;
}

}  // namespace

const Layout& layout() {
  static const Layout layout = make_layout();
  return layout;
}

}  // namespace transnet::nn::transnetv2
