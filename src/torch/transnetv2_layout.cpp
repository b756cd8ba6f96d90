// SPDX-License-Identifier: Apache-2.0
#include "torch/transnetv2_layout.hpp"

#include <ATen/core/Tensor.h>

#include "transnet/frames.hpp"

namespace transnet::model::transnetv2 {

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
  constexpr std::int64_t pooled_pixels = std::int64_t{3} * 6;  // 27x48, halved three times
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

}  // namespace transnet::model::transnetv2
