// SPDX-License-Identifier: Apache-2.0
#include "nn/layout.hpp"

#include <algorithm>
#include <set>

#include "nn/autoshot/layout.hpp"
#include "nn/transnetv2/layout.hpp"

namespace transnet::nn {
namespace {

std::int64_t count_common(const Layout& layout, const std::set<std::string>& names) {
  return std::ranges::count_if(tensor_specs(layout), [&](const TensorSpec& spec) { return names.contains(spec.name); });
}

}  // namespace

std::int64_t BlockLayout::out_channels() const {
  std::int64_t channels = 0;
  for (const auto& branch : branches) channels += branch.channels;
  return channels;
}

std::vector<TensorSpec> tensor_specs(const Layout& layout) {
  constexpr auto real = ScalarType::float32;
  std::vector<TensorSpec> specs;
  for (const auto& block : layout.blocks) {
    for (std::size_t index = 0; index < block.branches.size(); ++index) {
      const auto& branch = block.branches[index];
      if (index < block.spatial.size()) {
        specs.push_back({block.spatial[index], real, {block.spatial_channels, block.in_channels, 1, 3, 3}});
      }
      specs.push_back({branch.temporal, real, {branch.channels, block.spatial_channels, 3, 1, 1}});
    }
    for (const auto* field : {"weight", "bias", "running_mean", "running_var"})
      specs.push_back({block.norm + field, real, {block.out_channels()}});
    specs.push_back({block.norm + "num_batches_tracked", ScalarType::int64, {}});
  }
  const auto add_linear = [&specs](const std::string& name, std::int64_t in, std::int64_t out) {
    specs.push_back({name + ".weight", real, {out, in}});
    specs.push_back({name + ".bias", real, {out}});
  };
  std::int64_t mean_channels = 0;
  for (std::size_t stack = 0; stack < stack_count; ++stack) {
    mean_channels += layout.blocks[stack * blocks_per_stack].out_channels();
  }
  constexpr std::int64_t pooled_pixels = std::int64_t{3} * 6;  // 27x48, halved three times
  const auto features = layout.blocks.back().out_channels() * pooled_pixels;
  add_linear(layout.linear.projection, mean_channels, similarity_width);
  add_linear(layout.linear.frame_similarity, lookup_frames, similarity_width);
  add_linear(layout.linear.color_similarity, lookup_frames, similarity_width);
  add_linear(layout.linear.hidden, 2 * similarity_width + features, hidden_width);
  add_linear(layout.linear.single, hidden_width, 1);
  add_linear(layout.linear.many_hot, hidden_width, 1);
  specs.insert(specs.end(), layout.unused.begin(), layout.unused.end());
  return specs;
}

const Layout& nearest_layout(const std::vector<std::string>& names) {
  const std::set<std::string> found(names.begin(), names.end());
  const Layout& first = transnetv2::layout();
  const Layout& second = autoshot::layout();
  return count_common(second, found) > count_common(first, found) ? second : first;
}

}  // namespace transnet::nn
