// SPDX-License-Identifier: Apache-2.0
#include "nn/network_weights.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

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

Block read_block(const BlockLayout& layout, const StateDict& tensors) {
  const auto norm_field = [&](const char* field) { return tensors.at(layout.norm + field).floats(); };
  const BatchNorm norm{norm_field("weight"), norm_field("bias"), norm_field("running_mean"), norm_field("running_var")};
  if (std::ranges::any_of(norm.variance, [](float variance) { return variance < 0.0F; })) {
    throw Error(ErrorCode::bad_weights, "tensor " + layout.norm + "running_var holds a negative variance");
  }
  Block block{.in_channels = layout.in_channels,
              .spatial_channels = layout.spatial_channels,
              .out_channels = layout.out_channels(),
              .spatial = {},
              .branches = {}};
  for (const auto& name : layout.spatial) block.spatial.push_back(values(tensors.at(name)));
  std::size_t channel = 0;  // counts through the block
  for (const auto& from : layout.branches) {
    const std::size_t spatial = layout.spatial.size() == 1 ? 0 : block.branches.size();
    Branch& branch = block.branches.emplace_back(
        Branch{spatial, from.channels, from.dilation, values(tensors.at(from.temporal)), {}});
    const auto filters = static_cast<std::size_t>(from.channels);
    const std::size_t filter_values = branch.temporal.size() / filters;
    for (std::size_t filter = 0; filter < filters; ++filter, ++channel) {
      for (float& value : std::span(branch.temporal).subspan(filter * filter_values, filter_values)) {
        value = static_cast<float>(static_cast<double>(value) * norm.scale(channel));
      }
      branch.bias.push_back(static_cast<float>(norm.bias(channel)));
    }
  }
  return block;
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

NetworkWeights read_weights(const Layout& layout, const StateDict& tensors) {
  NetworkWeights weights;
  std::ranges::transform(layout.blocks, weights.blocks.begin(),
                         [&](const BlockLayout& block) { return read_block(block, tensors); });
  weights.projection = read_linear(tensors, layout.linear.projection);
  weights.frame_similarity = read_linear(tensors, layout.linear.frame_similarity);
  weights.color_similarity = read_linear(tensors, layout.linear.color_similarity);
  weights.hidden = read_linear(tensors, layout.linear.hidden);
  weights.single = read_linear(tensors, layout.linear.single);
  weights.many_hot = read_linear(tensors, layout.linear.many_hot);
  for (const auto& [name, tensor] : tensors) {
    if (is_trained(name)) weights.parameter_count += static_cast<std::int64_t>(tensor.floats().size());
  }
  return weights;
}

}  // namespace transnet::nn
