// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "nn/cpu/backbone.hpp"
#include "nn/cpu/worker_pool.hpp"
#include "torch/backbone.hpp"
#include "torch/checkpoint/state_dict.hpp"

namespace transnet::model {

/// The backbone on the CPU by kernels of our own: Winograd's transform takes a quarter to a third of the
/// multiplications that LibTorch's convolutions need. `Element` is float or nn::cpu::Bfloat16.
template <typename Element>
class CpuBackbone final : public Backbone {
 public:
  /// The tensors are those of `transnetv2::tensor_specs`.
  CpuBackbone(const StateDict& tensors, const nn::cpu::ConvKernels<Element>& kernels,
              std::shared_ptr<nn::cpu::WorkerPool> workers);

  [[nodiscard]] BackboneFeatures run(const at::Tensor& frames) const override;

 private:
  std::shared_ptr<nn::cpu::WorkerPool> workers_;
  nn::cpu::Backbone<Element> backbone_;
};

/// The fastest backbone in single precision on this CPU, by `nn::cpu::chosen_instruction_set`.
[[nodiscard]] std::unique_ptr<Backbone> make_cpu_backbone(const StateDict& tensors,
                                                          std::shared_ptr<nn::cpu::WorkerPool> workers);

/// Whether this CPU multiplies bfloat16 faster than float, by `nn::cpu::chosen_instruction_set`.
[[nodiscard]] bool has_fast_bf16();

/// The fastest backbone in bfloat16; null where `has_fast_bf16` is false.
[[nodiscard]] std::unique_ptr<Backbone> make_bf16_cpu_backbone(const StateDict& tensors,
                                                               std::shared_ptr<nn::cpu::WorkerPool> workers);

}  // namespace transnet::model
