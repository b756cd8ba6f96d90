// SPDX-License-Identifier: Apache-2.0
#include "nn/transnetv2/weights.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "transnet/error.hpp"
#include "transnet/frames.hpp"

namespace transnet::nn::transnetv2 {
namespace {

/// Names in the state dict, e.g. "SDDCNN.0.DDCNN.1" and "SDDCNN.0.DDCNN.1.Conv3D_4".
std::string block_name(std::size_t stack, std::size_t block) {
  return "SDDCNN." + std::to_string(stack) + ".DDCNN." + std::to_string(block);
}

std::string branch_name(std::size_t stack, std::size_t block, std::int64_t dilation) {
  return block_name(stack, block) + ".Conv3D_" + std::to_string(dilation);
}

std::vector<float> values(const Tensor& tensor) {
  const auto floats = tensor.floats();
  return {floats.begin(), floats.end()};
}

/// One value per channel of a block: the channels of all its branches in order.
struct BatchNorm {
  std::span<const float> gamma, beta, mean, variance;

  [[nodiscard]] double scale(std::size_t channel) const {
    return static_cast<double>(gamma[channel]) / std::sqrt(static_cast<double>(variance[channel]) + batch_norm_epsilon);
  }
  [[nodiscard]] double bias(std::size_t channel) const {
    return static_cast<double>(beta[channel]) - static_cast<double>(mean[channel]) * scale(channel);
  }
};

Block read_block(const StateDict& tensors, std::size_t stack, std::size_t block) {
  const auto norm_field = [&](const char* field) {
    return tensors.at(block_name(stack, block) + ".bn." + field).floats();
  };
  const BatchNorm norm{norm_field("weight"), norm_field("bias"), norm_field("running_mean"), norm_field("running_var")};
  if (std::ranges::any_of(norm.variance, [](float variance) { return variance < 0.0F; })) {
    throw Error(ErrorCode::bad_weights,
                "tensor " + block_name(stack, block) + ".bn.running_var holds a negative variance");
  }
  Block result{.in_channels = block == 0 ? input_channels(stack) : output_channels(stack),
               .filters = stack_filters[stack],
               .branches = {}};
  std::size_t channel = 0;  // counts through the block
  for (std::size_t index = 0; index < branch_count; ++index) {
    const auto name = branch_name(stack, block, dilations[index]);
    Branch& branch = result.branches[index];
    branch.spatial = values(tensors.at(name + ".layers.0.weight"));
    branch.temporal = values(tensors.at(name + ".layers.1.weight"));
    const auto filters = static_cast<std::size_t>(result.filters);
    const std::size_t filter_values = branch.temporal.size() / filters;
    for (std::size_t filter = 0; filter < filters; ++filter, ++channel) {
      for (float& value : std::span(branch.temporal).subspan(filter * filter_values, filter_values)) {
        value = static_cast<float>(static_cast<double>(value) * norm.scale(channel));
      }
      branch.bias.push_back(static_cast<float>(norm.bias(channel)));
    }
  }
  return result;
}

Linear read_linear(const StateDict& tensors, const std::string& name) {
  const Tensor& weight = tensors.at(name + ".weight");
  return {.in = weight.sizes[1],
          .out = weight.sizes[0],
          .weight = values(weight),
          .bias = values(tensors.at(name + ".bias"))};
}

bool is_trained(const std::string& name) {
  return name.find(".running_") == std::string::npos && !name.ends_with(".num_batches_tracked");
}

}  // namespace

std::int64_t output_channels(std::size_t stack) {
  return stack_filters[stack] * static_cast<std::int64_t>(branch_count);
}

std::int64_t input_channels(std::size_t stack) { return stack == 0 ? frame_channels : output_channels(stack - 1); }

std::vector<TensorSpec> tensor_specs() {
  constexpr auto real = ScalarType::float32;
  std::vector<TensorSpec> specs;
  std::int64_t all_channels = 0;
  for (std::size_t stack = 0; stack < stack_count; ++stack) {
    const auto filters = stack_filters[stack];
    const auto channels = output_channels(stack);
    all_channels += channels;
    for (std::size_t block = 0; block < blocks_per_stack; ++block) {
      const auto in = block == 0 ? input_channels(stack) : channels;
      for (const auto dilation : dilations) {
        const auto name = branch_name(stack, block, dilation);
        specs.push_back({name + ".layers.0.weight", real, {2 * filters, in, 1, 3, 3}});
        specs.push_back({name + ".layers.1.weight", real, {filters, 2 * filters, 3, 1, 1}});
      }
      const auto name = block_name(stack, block) + ".bn.";
      for (const auto* field : {"weight", "bias", "running_mean", "running_var"})
        specs.push_back({name + field, real, {channels}});
      specs.push_back({name + "num_batches_tracked", ScalarType::int64, {}});
    }
  }
  const auto add_linear = [&specs](const std::string& name, std::int64_t in, std::int64_t out) {
    specs.push_back({name + ".weight", real, {out, in}});
    specs.push_back({name + ".bias", real, {out}});
  };
  constexpr std::int64_t pooled_pixels = std::int64_t{3} * 6;  // 27x48, halved three times
  const auto features = output_channels(stack_count - 1) * pooled_pixels;
  add_linear("frame_sim_layer.projection", all_channels, similarity_width);
  add_linear("frame_sim_layer.fc", lookup_frames, similarity_width);
  add_linear("color_hist_layer.fc", lookup_frames, similarity_width);
  add_linear("fc1", 2 * similarity_width + features, hidden_width);
  add_linear("cls_layer1", hidden_width, 1);
  add_linear("cls_layer2", hidden_width, 1);
  return specs;
}

Weights read_weights(const StateDict& tensors) {
  Weights weights;
  for (std::size_t stack = 0; stack < stack_count; ++stack) {
    for (std::size_t block = 0; block < blocks_per_stack; ++block) {
      weights.stacks[stack][block] = read_block(tensors, stack, block);
    }
  }
  weights.projection = read_linear(tensors, "frame_sim_layer.projection");
  weights.frame_similarity = read_linear(tensors, "frame_sim_layer.fc");
  weights.color_similarity = read_linear(tensors, "color_hist_layer.fc");
  weights.hidden = read_linear(tensors, "fc1");
  weights.single = read_linear(tensors, "cls_layer1");
  weights.many_hot = read_linear(tensors, "cls_layer2");
  for (const auto& [name, tensor] : tensors) {
    if (is_trained(name)) weights.parameter_count += static_cast<std::int64_t>(tensor.floats().size());
  }
  return weights;
}

}  // namespace transnet::nn::transnetv2
