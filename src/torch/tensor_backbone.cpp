// SPDX-License-Identifier: Apache-2.0
#include "torch/tensor_backbone.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include "torch/transnetv2_layout.hpp"
#include "transnet/windows.hpp"

namespace transnet::model {
namespace {

using namespace transnetv2;

/// One block over frames [B * T, C, H, W]: each branch a 3x3 convolution of the frames, then one of three frames in
/// time. Both are 2-D convolutions of the same memory: for the second, time is the height and the pixels are the width.
template <typename Block>
at::Tensor run_block(const Block& block, const at::Tensor& input, std::int64_t batch) {
  const auto images = input.size(0);
  const auto height = input.size(2);
  const auto width = input.size(3);
  std::vector<at::Tensor> branches;
  for (const auto& branch : block) {
    const at::Tensor spatial = branch.spatial(input);
    const auto as_time_by_pixels = spatial.permute({0, 2, 3, 1})
                                       .reshape({batch, images / batch, height * width, spatial.size(1)})
                                       .permute({0, 3, 1, 2});
    branches.push_back(branch.temporal(as_time_by_pixels));
  }
  return at::cat(branches, 1).permute({0, 2, 3, 1}).reshape({images, height, width, -1}).permute({0, 3, 1, 2});
}

}  // namespace

TensorBackbone::TensorBackbone(const StateDict& tensors, const at::Device& device, at::ScalarType type) : type_(type) {
  Convolution::Pair image{frame_height, frame_width};
  for (std::size_t stack = 0; stack < stack_filters.size(); ++stack) {
    Stack& blocks = stacks_.emplace_back();
    for (std::int64_t block = 0; block < blocks_per_stack; ++block) {
      for (std::size_t branch = 0; branch < dilations.size(); ++branch) {
        const auto name = branch_name(stack, block, dilations[branch]);
        const auto spatial = tensors.at(name + ".layers.0.weight").squeeze(2).to(device, type);
        const auto temporal = fold_batch_norm(tensors, stack, block, branch);
        blocks[static_cast<std::size_t>(block)].push_back(
            {Convolution(spatial, {}, {1, 1}, false, window_frames, image),
             Convolution(temporal.weight.to(device, type), temporal.bias.to(device, type), {dilations[branch], 1}, true,
                         1, {window_frames, image[0] * image[1]})});
      }
    }
    image = {image[0] / 2, image[1] / 2};
  }
}

BackboneFeatures TensorBackbone::run(const at::Tensor& frames) const {
  const auto batch = frames.size(0);
  const auto length = frames.size(1);
  // Bytes come with their channels last, which is the layout that the convolutions want.
  at::Tensor x = frames.to(at::kFloat)
                     .div_(255)
                     .to(type_)
                     .view({batch * length, frame_height, frame_width, frame_channels})
                     .permute({0, 3, 1, 2});
  std::vector<at::Tensor> means;
  for (const auto& [first, second] : stacks_) {
    at::Tensor shortcut = run_block(first, x, batch);
    x = at::avg_pool2d(shortcut.add_(run_block(second, shortcut, batch)), {2, 2});
    means.push_back(x.mean({2, 3}, /*keepdim=*/false, at::kFloat).view({batch, length, -1}));
  }
  return {x.to(at::kFloat).permute({0, 2, 3, 1}).reshape({batch, length, -1}), at::cat(means, 2)};
}

}  // namespace transnet::model
