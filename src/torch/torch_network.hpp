// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "nn/network.hpp"
#include "torch/tensor_network.hpp"

namespace transnet::libtorch {

/// Makes a network over bytes from a network over tensors.
class TorchNetwork final : public nn::Network {
 public:
  /// `batch_windows` is the number of windows that go through the network at once on a CUDA device; on a CPU they go
  /// one by one. Errors name `file`.
  TorchNetwork(std::unique_ptr<const TensorNetwork> network, std::filesystem::path file, const at::Device& device,
               Precision precision, std::int64_t batch_windows);

  [[nodiscard]] Precision precision() const noexcept override { return precision_; }
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override { return batch_windows_; }
  /// An empty memory: neighbouring windows share nothing here.
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override { return std::make_unique<Memory>(); }
  [[nodiscard]] ShotProbabilities predict(const nn::WindowBatch& batch, Memory& memory) const override;

 private:
  [[nodiscard]] ShotProbabilities predict_on_cpu(const nn::WindowBatch& batch) const;
  [[nodiscard]] ShotProbabilities predict_on_cuda(const nn::WindowBatch& batch) const;

  std::unique_ptr<const TensorNetwork> network_;
  std::filesystem::path file_;
  at::Device device_;
  Precision precision_;
  std::int64_t batch_windows_;
};

}  // namespace transnet::libtorch
