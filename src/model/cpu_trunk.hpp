#pragma once

#include <memory>

#include "model/cpu/trunk.hpp"
#include "model/cpu/worker_pool.hpp"
#include "model/state_dict.hpp"
#include "model/trunk.hpp"

namespace transnet::model {

/// The trunk in single precision by kernels of our own: Winograd's transform takes a quarter to a third of the
/// multiplications that LibTorch's convolutions need. Tensors are on the CPU.
class CpuTrunk final : public Trunk {
 public:
  /// The tensors are those of `transnetv2::tensor_specs`. `threads` serve all callers together.
  CpuTrunk(const StateDict& tensors, int threads);

  [[nodiscard]] TrunkFeatures run(const at::Tensor& frames) const override;

 private:
  cpu::Trunk trunk_;
  std::unique_ptr<cpu::WorkerPool> workers_;
};

}  // namespace transnet::model
