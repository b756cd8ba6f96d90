// SPDX-License-Identifier: Apache-2.0
#include "torch/cpu_backbone.hpp"

#include <ATen/cpu/Utils.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "nn/cpu/conv_kernels.hpp"
#include "nn/cpu/instruction_set.hpp"
#include "torch/tensor_backbone.hpp"
#include "torch/transnetv2_layout.hpp"

namespace transnet::model {
namespace {

std::span<const float> values(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// Views of the tensors, which must outlive them.
nn::cpu::BackboneWeights backbone_weights(const StateDict& tensors) {
  using namespace transnetv2;
  nn::cpu::BackboneWeights weights;
  for (std::size_t stack = 0; stack < stack_filters.size(); ++stack) {
    for (std::int64_t block = 0; block < blocks_per_stack; ++block) {
      auto& layer = weights[stack * blocks_per_stack + static_cast<std::size_t>(block)];
      layer.in_channels = static_cast<int>(block == 0 ? input_channels(stack) : output_channels(stack));
      layer.branch_out_channels = static_cast<int>(stack_filters[stack]);
      for (std::size_t branch = 0; branch < dilations.size(); ++branch) {
        const auto name = branch_name(stack, block, dilations[branch]);
        layer.spatial[branch] = values(tensors.at(name + ".layers.0.weight"));
        layer.temporal[branch] = values(tensors.at(name + ".layers.1.weight"));
      }
      const auto norm = block_name(stack, block) + ".bn.";
      layer.norm = {values(tensors.at(norm + "weight")), values(tensors.at(norm + "bias")),
                    values(tensors.at(norm + "running_mean")), values(tensors.at(norm + "running_var")),
                    batch_norm_epsilon};
    }
  }
  return weights;
}

/// Copies one window's values into their place in `all`, [windows, frames, columns]; the first makes room for all.
void place(at::Tensor& all, const std::vector<float>& values, at::IntArrayRef windows_and_frames, std::int64_t window) {
  const auto columns = std::ssize(values) / windows_and_frames[1];
  if (!all.defined()) all = at::empty({windows_and_frames[0], windows_and_frames[1], columns}, at::kFloat);
  std::ranges::copy(values, all.mutable_data_ptr<float>() + window * std::ssize(values));
}

}  // namespace

template <typename Element>
CpuBackbone<Element>::CpuBackbone(const StateDict& tensors, const nn::cpu::ConvKernels<Element>& kernels,
                                  std::shared_ptr<nn::cpu::WorkerPool> workers)
    : workers_(std::move(workers)), backbone_(backbone_weights(tensors), kernels, *workers_) {}

template <typename Element>
BackboneFeatures CpuBackbone<Element>::run(const at::Tensor& frames) const {
  BackboneFeatures features;
  const auto bytes = frames.contiguous();
  const auto window_size = static_cast<std::size_t>(bytes.stride(0));
  for (std::int64_t window = 0; window < bytes.size(0); ++window) {
    const auto output =
        backbone_.run({bytes.const_data_ptr<std::uint8_t>() + window * bytes.stride(0), window_size}, *workers_);
    place(features.pixels, output.features, bytes.sizes(), window);
    place(features.means, output.means, bytes.sizes(), window);
  }
  return features;
}

template class CpuBackbone<float>;
template class CpuBackbone<nn::cpu::Bfloat16>;

std::unique_ptr<Backbone> make_cpu_backbone(const StateDict& tensors, std::shared_ptr<nn::cpu::WorkerPool> workers) {
  const auto& kernels = nn::cpu::fp32_kernels(nn::cpu::chosen_instruction_set());
  return std::make_unique<CpuBackbone<float>>(tensors, kernels, std::move(workers));
}

bool has_fast_bf16() { return nn::cpu::bf16_kernels(nn::cpu::chosen_instruction_set()) != nullptr; }

std::unique_ptr<Backbone> make_bf16_cpu_backbone(const StateDict& tensors,
                                                 std::shared_ptr<nn::cpu::WorkerPool> workers) {
  const auto* const kernels = nn::cpu::bf16_kernels(nn::cpu::chosen_instruction_set());
  if (kernels == nullptr) return nullptr;
  // A processor with matrix tiles that the system allows: oneDNN uses them, our kernels do not.
  if (at::cpu::init_amx()) {
    return std::make_unique<TensorBackbone>(tensors, at::Device(at::kCPU), at::kBFloat16);
  }
  return std::make_unique<CpuBackbone<nn::cpu::Bfloat16>>(tensors, *kernels, std::move(workers));
}

}  // namespace transnet::model
