// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "nn/network.hpp"

namespace transnet::nn {

/// A function of the caller as a network.
class FunctionNetwork final : public Network {
 public:
  explicit FunctionNetwork(ShotFunction function);

  [[nodiscard]] Precision precision() const noexcept override { return Precision::fp32; }
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override { return function_.windows_per_call; }
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override;
  /// @throws Error(bad_shape) if the function returns another number of values.
  [[nodiscard]] ShotProbabilities predict(const WindowBatch& batch, Memory& memory) const override;

 private:
  /// The requested rows of a head.
  [[nodiscard]] std::vector<float> rows_of(std::vector<float> head, std::size_t windows, Rows rows) const;

  ShotFunction function_;
};

}  // namespace transnet::nn
