#include "model/transnetv2.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

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

/// Scales rows to length 1, as torch.nn.functional.normalize does.
at::Tensor normalized(const at::Tensor& rows) { return rows.div(rows.norm(2, -1, true).clamp_min_(1e-12)); }

/// Cosines of every frame with its neighbours: unit vectors [B, T, D] -> [B, T, 101], 0 beyond the window.
at::Tensor neighbour_cosines(const at::Tensor& vectors) {
  const auto batch = vectors.size(0);
  const auto frames = vectors.size(1);
  const auto padded =
      at::constant_pad_nd(at::bmm(vectors, vectors.transpose(1, 2)), {lookup_frames / 2, lookup_frames / 2})
          .contiguous();
  // Row t wants columns t .. t + 100 of its own: a band, which is a view whose rows start one element later each.
  const auto row = frames + lookup_frames - 1;
  return padded.as_strided({batch, frames, lookup_frames}, {frames * row, row + 1, 1});
}

}  // namespace

namespace transnetv2 {

std::int64_t output_channels(std::size_t stack) {
  return stack_filters[stack] * static_cast<std::int64_t>(dilations.size());
}

std::int64_t input_channels(std::size_t stack) { return stack == 0 ? frame_channels : output_channels(stack - 1); }

std::string block_name(std::size_t stack, std::int64_t block) {
  return "SDDCNN." + std::to_string(stack) + ".DDCNN." + std::to_string(block);
}

std::string branch_name(std::size_t stack, std::int64_t block, std::int64_t dilation) {
  return block_name(stack, block) + ".Conv3D_" + std::to_string(dilation);
}

std::vector<TensorSpec> tensor_specs() {
  constexpr auto real = c10::ScalarType::Float;
  std::vector<TensorSpec> specs;
  std::int64_t all_channels = 0;
  for (std::size_t stack = 0; stack < stack_filters.size(); ++stack) {
    const auto filters = stack_filters[stack];
    const auto channels = output_channels(stack);
    all_channels += channels;
    for (std::int64_t block = 0; block < blocks_per_stack; ++block) {
      const auto in = block == 0 ? input_channels(stack) : channels;
      for (const auto dilation : dilations) {
        const auto name = branch_name(stack, block, dilation);
        specs.push_back({name + ".layers.0.weight", real, {2 * filters, in, 1, 3, 3}});
        specs.push_back({name + ".layers.1.weight", real, {filters, 2 * filters, 3, 1, 1}});
      }
      const auto name = block_name(stack, block) + ".bn.";
      for (const auto* field : {"weight", "bias", "running_mean", "running_var"})
        specs.push_back({name + field, real, {channels}});
      specs.push_back({name + "num_batches_tracked", c10::ScalarType::Long, {}});
    }
  }
  const auto add_linear = [&specs](const std::string& name, std::int64_t in, std::int64_t out) {
    specs.push_back({name + ".weight", real, {out, in}});
    specs.push_back({name + ".bias", real, {out}});
  };
  constexpr std::int64_t pooled_pixels = 3 * 6;  // 27x48, halved three times
  const auto features = output_channels(stack_filters.size() - 1) * pooled_pixels;
  add_linear("frame_sim_layer.projection", all_channels, similarity_width);
  add_linear("frame_sim_layer.fc", lookup_frames, similarity_width);
  add_linear("color_hist_layer.fc", lookup_frames, similarity_width);
  add_linear("fc1", 2 * similarity_width + features, hidden_width);
  add_linear("cls_layer1", hidden_width, 1);
  add_linear("cls_layer2", hidden_width, 1);
  return specs;
}

FoldedTemporal fold_batch_norm(const StateDict& tensors, std::size_t stack, std::int64_t block, std::size_t branch) {
  const auto norm = block_name(stack, block) + ".bn.";
  const auto filters = stack_filters[stack];
  const auto own_channels = [&](const char* field) {
    return tensors.at(norm + field).narrow(0, static_cast<std::int64_t>(branch) * filters, filters).to(at::kDouble);
  };
  const auto scale = own_channels("weight").mul(own_channels("running_var").add(batch_norm_epsilon).rsqrt());
  const auto weight = tensors.at(branch_name(stack, block, dilations[branch]) + ".layers.1.weight").squeeze(-1);
  return {weight.to(at::kDouble).mul(scale.view({-1, 1, 1, 1})).to(at::kFloat),
          own_channels("bias").sub(own_channels("running_mean").mul(scale)).to(at::kFloat)};
}

}  // namespace transnetv2

TransNetV2::TransNetV2(const StateDict& tensors, const at::Device& device) {
  Convolution::Pair image{frame_height, frame_width};
  for (std::size_t stack = 0; stack < stack_filters.size(); ++stack) {
    Stack& blocks = stacks_.emplace_back();
    for (std::int64_t block = 0; block < blocks_per_stack; ++block) {
      for (std::size_t branch = 0; branch < dilations.size(); ++branch) {
        const auto name = branch_name(stack, block, dilations[branch]);
        const auto spatial = tensors.at(name + ".layers.0.weight").squeeze(2).to(device);
        const auto temporal = fold_batch_norm(tensors, stack, block, branch);
        blocks[static_cast<std::size_t>(block)].push_back(
            {Convolution(spatial, {}, {1, 1}, false, window_frames, image),
             Convolution(temporal.weight.to(device), temporal.bias.to(device), {dilations[branch], 1}, true, 1,
                         {window_frames, image[0] * image[1]})});
      }
    }
    image = {image[0] / 2, image[1] / 2};
  }
  const auto linear = [&](const std::string& name) {
    return Linear{tensors.at(name + ".weight").to(device), tensors.at(name + ".bias").to(device)};
  };
  projection_ = linear("frame_sim_layer.projection");
  frame_similarity_ = linear("frame_sim_layer.fc");
  color_similarity_ = linear("color_hist_layer.fc");
  hidden_ = linear("fc1");
  const auto single = linear("cls_layer1");
  const auto many_hot = linear("cls_layer2");
  heads_ = {at::cat({single.weight, many_hot.weight}), at::cat({single.bias, many_hot.bias})};
}

at::Tensor TransNetV2::Linear::operator()(const at::Tensor& input) const { return at::linear(input, weight, bias); }

at::Tensor TransNetV2::frame_similarity(const std::vector<at::Tensor>& features) const {
  return frame_similarity_(neighbour_cosines(normalized(projection_(at::cat(features, 2))))).relu_();
}

at::Tensor TransNetV2::color_similarity(const at::Tensor& frames) const {
  constexpr std::int64_t bins = 512;  // three bits a channel
  const auto images = frames.size(0) * frames.size(1);
  const auto levels = frames.bitwise_right_shift(5).to(at::kLong).view({images, -1, frame_channels});
  const auto bin = levels.select(2, 0).mul(64).add(levels.select(2, 1), 8).add(levels.select(2, 2));
  const auto real = frames.options().dtype(at::kFloat);
  const auto counts = at::zeros({images, bins}, real).scatter_add_(1, bin, at::ones({1, 1}, real).expand_as(bin));
  return color_similarity_(neighbour_cosines(normalized(counts).view({frames.size(0), frames.size(1), bins}))).relu_();
}

Heads TransNetV2::forward(const at::Tensor& frames) const {
  const auto batch = frames.size(0);
  const auto length = frames.size(1);
  // Bytes come with their channels last, which is the layout that the convolutions want.
  at::Tensor x = frames.to(at::kFloat)
                     .div_(255)
                     .view({batch * length, frame_height, frame_width, frame_channels})
                     .permute({0, 3, 1, 2});
  std::vector<at::Tensor> means;
  for (const auto& [first, second] : stacks_) {
    at::Tensor shortcut = run_block(first, x, batch);
    x = at::avg_pool2d(shortcut.add_(run_block(second, shortcut, batch)), {2, 2});
    means.push_back(x.mean({2, 3}).view({batch, length, -1}));
  }
  const auto features = x.permute({0, 2, 3, 1}).reshape({batch, length, -1});
  const auto hidden = hidden_(at::cat({color_similarity(frames), frame_similarity(means), features}, 2)).relu_();
  const auto probabilities = heads_(hidden).sigmoid_();
  return {probabilities.select(2, 0), probabilities.select(2, 1)};
}

}  // namespace transnet::model
