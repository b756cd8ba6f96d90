// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "nn/network.hpp"

namespace transnet::nn {

/// Two networks over the same windows: the first head is the mean of both, but at most 50 times the first network's;
/// the many-hot head is the first network's. Where a `WindowBatch::decision` is certain from the first network alone,
/// the second one does not run.
class MeanNetwork final : public Network {
 public:
  /// The networks share their ownership. @throws Error(unsupported) if no precision is common to both.
  MeanNetwork(std::shared_ptr<const Network> first, std::shared_ptr<const Network> second);

  [[nodiscard]] Precision precision() const noexcept override { return precision_; }
  [[nodiscard]] std::int64_t preferred_windows() const noexcept override;
  [[nodiscard]] std::unique_ptr<Memory> make_memory() const override;
  [[nodiscard]] ShotProbabilities predict(const WindowBatch& batch, Memory& memory) const override;

 private:
  std::shared_ptr<const Network> first_;
  std::shared_ptr<const Network> second_;
  Precision precision_;
};

}  // namespace transnet::nn
