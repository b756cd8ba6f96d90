// SPDX-License-Identifier: Apache-2.0
#include "torch/tensor_backbone.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include "torch/tensors.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {
namespace {

using namespace nn::transnetv2;

/// One block over frames [B * T, C, H, W]: each branch has a 3x3 convolution of the frames, then a convolution of three
/// frames in time. Both are 2-D convolutions of the same memory: in the second, time is the height and the pixels are
/// the width.
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

TensorBackbone::TensorBackbone(const Weights& weights, const at::Device& device, at::ScalarType type) : type_(type) {
  for (const auto& blocks : weights.stacks) {
    Stack& stack = stacks_.emplace_back();
    for (std::size_t block = 0; block < blocks.size(); ++block) {
      const std::int64_t filters = blocks[block].filters;
      for (std::size_t index = 0; index < branch_count; ++index) {
        const auto& branch = blocks[block].branches[index];
        const auto place = [&](const std::vector<float>& values, at::IntArrayRef sizes) {
          return to_tensor(values, sizes).to(device, type);
        };
        stack[block].push_back(
            {Convolution(place(branch.spatial, {2 * filters, blocks[block].in_channels, 3, 3}), {}, {1, 1}, false),
             Convolution(place(branch.temporal, {filters, 2 * filters, 3, 1}), place(branch.bias, {filters}),
                         {dilations[index], 1}, true)});
      }
    }
  }
}

BackboneFeatures TensorBackbone::run(const at::Tensor& frames) const {
  const auto batch = frames.size(0);
  const auto length = frames.size(1);
  // The bytes have their channels last, the layout that the convolutions need.
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

}  // namespace transnet::libtorch
