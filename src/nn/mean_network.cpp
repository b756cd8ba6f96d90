// SPDX-License-Identifier: Apache-2.0
#include "nn/mean_network.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

class MemoryOfBoth : public Network::Memory {
 public:
  MemoryOfBoth(std::unique_ptr<Memory> first, std::unique_ptr<Memory> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  [[nodiscard]] Memory& first() noexcept { return *first_; }
  [[nodiscard]] Memory& second() noexcept { return *second_; }

 private:
  std::unique_ptr<Memory> first_;
  std::unique_ptr<Memory> second_;
};

Precision common_precision(Precision first, Precision second) {
  if (first == second || second == Precision::automatic) return first;
  if (first == Precision::automatic) return second;
  throw Error(ErrorCode::unsupported, "one network was loaded in " + std::string(to_string(first)) + ", the other in " +
                                          std::string(to_string(second)) + ": load both in the same precision");
}

}  // namespace

MeanNetwork::MeanNetwork(std::shared_ptr<const Network> first, std::shared_ptr<const Network> second)
    : first_(std::move(first)),
      second_(std::move(second)),
      precision_(common_precision(first_->precision(), second_->precision())) {}

std::int64_t MeanNetwork::preferred_windows() const noexcept {
  return std::max(first_->preferred_windows(), second_->preferred_windows());
}

std::unique_ptr<Network::Memory> MeanNetwork::make_memory() const {
  return std::make_unique<MemoryOfBoth>(first_->make_memory(), second_->make_memory());
}

ShotProbabilities MeanNetwork::predict(const WindowBatch& batch, Memory& memory) const {
  auto& both = static_cast<MemoryOfBoth&>(memory);
  ShotProbabilities result = first_->predict(batch, both.first());
  if (batch.only_many_hot) return result;
  const ShotProbabilities other = second_->predict(batch, both.second());
  for (std::size_t i = 0; i < result.single.size(); ++i) result.single[i] = (result.single[i] + other.single[i]) / 2.0F;
  return result;
}

}  // namespace transnet::nn
