// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "nn/cpu/backbone.hpp"
#include "nn/cpu/classifier.hpp"
#include "nn/cpu/instruction_set.hpp"
#include "nn/cpu/worker_pool.hpp"
#include "nn/network.hpp"
#include "nn/network_weights.hpp"

namespace transnet::nn::cpu {

/// A network on the CPU.
class CpuNetwork final : public Network {
 public:
  /// `automatic` has both precisions if `set` multiplies bfloat16 faster than float, otherwise fp32. All calls share
  /// `threads` threads. Keeps the workspaces of `concurrent_calls` ended videos.
  /// @throws Error(unsupported) for bf16 if `set` is not faster with it.
  CpuNetwork(const NetworkWeights& weights, Precision precision, int threads,
             const InstructionSet& set = chosen_instruction_set(), int concurrent_calls = 1);
  ~CpuNetwork() override;

  [[nodiscard]] Precision precision() const noexcept override;
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override { return 1; }
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override;
  [[nodiscard]] ShotProbabilities predict(const WindowBatch& batch, Memory& memory) const override;

 private:
  struct Workspaces;
  class VideoMemory;

  mutable WorkerPool workers_;
  std::optional<Backbone<float>> fp32_;  // one of the two may be empty
  std::optional<Backbone<Bfloat16>> bf16_;
  Classifier classifier_;
  // Workspaces of ended videos, for reuse: the system must clear new memory, which costs time. Their number is limited
  // by its capacity.
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspaces>> idle_;
};

}  // namespace transnet::nn::cpu
