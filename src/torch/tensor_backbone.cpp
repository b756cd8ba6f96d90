// SPDX-License-Identifier: Apache-2.0
#include "torch/tensor_backbone.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>

#include "torch/tensors.hpp"
#include "transnet/windows.hpp"

namespace transnet::libtorch {

/// One block over frames [B * T, C, H, W]: 3x3 convolutions of the frames, then each branch's convolution of three
/// frames in time. Both are 2-D convolutions of the same memory: in the second, time is the height and the pixels are
/// the width.
at::Tensor TensorBackbone::run_block(const Block& block, const at::Tensor& input, std::int64_t batch) {
  const auto images = input.size(0);
  const auto height = input.size(2);
  const auto width = input.size(3);
  std::vector<at::Tensor> by_time;
  for (const auto& convolution : block.spatial) {
    const at::Tensor spatial = convolution(input);
    by_time.push_back(spatial.permute({0, 2, 3, 1})
                          .reshape({batch, images / batch, height * width, spatial.size(1)})
                          .permute({0, 3, 1, 2}));
  }
  std::vector<at::Tensor> branches;
  for (const auto& branch : block.branches) branches.push_back(branch.temporal(by_time[branch.spatial]));
  return at::cat(branches, 1).permute({0, 2, 3, 1}).reshape({images, height, width, -1}).permute({0, 3, 1, 2});
}

TensorBackbone::TensorBackbone(const nn::NetworkWeights& weights, const at::Device& device, at::ScalarType type)
    : type_(type) {
  const auto place = [&](const std::vector<float>& values, at::IntArrayRef sizes) {
    return to_tensor(values, sizes).to(device, type);
  };
  for (const auto& from : weights.blocks) {
    Block& block = blocks_.emplace_back();
    for (const auto& spatial : from.spatial) {
      block.spatial.emplace_back(place(spatial, {from.spatial_channels, from.in_channels, 3, 3}), at::Tensor(),
                                 Convolution::Pair{1, 1}, false);
    }
    for (const auto& branch : from.branches) {
      block.branches.push_back(
          {branch.spatial, Convolution(place(branch.temporal, {branch.channels, from.spatial_channels, 3, 1}),
                                       place(branch.bias, {branch.channels}), {branch.dilation, 1}, true)});
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
  for (std::size_t first = 0; first < blocks_.size(); first += nn::blocks_per_stack) {
    at::Tensor shortcut = run_block(blocks_[first], x, batch);
    x = at::avg_pool2d(shortcut.add_(run_block(blocks_[first + 1], shortcut, batch)), {2, 2});
    means.push_back(x.mean({2, 3}, /*keepdim=*/false, at::kFloat).view({batch, length, -1}));
  }
  return {x.to(at::kFloat).permute({0, 2, 3, 1}).reshape({batch, length, -1}), at::cat(means, 2)};
}

}  // namespace transnet::libtorch
