#pragma once

#include <memory>

#include "model/cpu/trunk.hpp"
#include "model/cpu/worker_pool.hpp"
#include "model/state_dict.hpp"
#include "model/trunk.hpp"

namespace transnet::model {

/// The trunk on the CPU by kernels of our own: Winograd's transform takes a quarter to a third of the multiplications
/// that LibTorch's convolutions need. `Element` is float or cpu::Bfloat16.
template <typename Element>
class CpuTrunk final : public Trunk {
 public:
  /// The tensors are those of `transnetv2::tensor_specs`.
  CpuTrunk(const StateDict& tensors, const cpu::ConvKernels<Element>& kernels,
           std::shared_ptr<cpu::WorkerPool> workers);

  [[nodiscard]] TrunkFeatures run(const at::Tensor& frames) const override;

 private:
  std::shared_ptr<cpu::WorkerPool> workers_;
  cpu::Trunk<Element> trunk_;
};

/// The fastest trunk in single precision on this CPU. ATEN_CPU_CAPABILITY holds it, as LibTorch, to an older
/// instruction set.
[[nodiscard]] std::unique_ptr<Trunk> make_cpu_trunk(const StateDict& tensors, std::shared_ptr<cpu::WorkerPool> workers);

/// Whether this CPU multiplies bfloat16 faster than float.
[[nodiscard]] bool has_fast_bf16();

/// The fastest trunk in bfloat16; null where `has_fast_bf16` is false.
[[nodiscard]] std::unique_ptr<Trunk> make_bf16_cpu_trunk(const StateDict& tensors,
                                                         std::shared_ptr<cpu::WorkerPool> workers);

}  // namespace transnet::model
