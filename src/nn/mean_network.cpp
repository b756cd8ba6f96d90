// SPDX-License-Identifier: Apache-2.0
#include "nn/mean_network.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "transnet/error.hpp"
#include "transnet/windows.hpp"

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

// Chosen on the development edits of bench/accuracy: see bench/ACCURACY.md.
constexpr float most_raise = 50.0F;

/// Where the first network sees next to nothing, the second one alone makes no transition.
float mean_of(float first, float second) { return std::min((first + second) / 2.0F, most_raise * first); }

/// Whether the second network can change the decision about a window with these answers of the first one. It cannot
/// within a transition of which the first network is certain.
bool is_open(std::span<const float> single, std::span<const float> many_hot, const DecisionBounds& bounds) {
  bool is_certain = false;  // about the run of marked frames
  bool may_change = false;
  for (std::size_t i = 0; i < single.size(); ++i) {
    const bool is_core = mean_of(single[i], 0.0F) > bounds.above;
    const bool may_be_core = mean_of(single[i], 1.0F) > bounds.below;
    if (is_core || (!many_hot.empty() && many_hot[i] > bounds.many_hot_above)) {
      is_certain |= is_core;
      may_change |= may_be_core;
    } else {
      if (may_be_core || (may_change && !is_certain)) return true;
      is_certain = may_change = false;
    }
  }
  return may_change && !is_certain;
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
  const auto rows = static_cast<std::size_t>(batch.rows == Rows::all ? window_frames : window_stride);
  const auto rows_of = [rows](std::span<const float> answers, std::size_t window) {
    return answers.empty() ? answers : answers.subspan(window * rows, rows);
  };
  const auto needs_second = [&](std::size_t window) {
    return !batch.decision ||
           is_open(rows_of(result.single, window), rows_of(result.many_hot, window), *batch.decision);
  };
  const std::size_t windows = batch.count();
  for (std::size_t begin = 0; begin < windows; ++begin) {
    std::size_t end = begin;
    while (end < windows && needs_second(end)) ++end;
    if (end == begin) continue;
    WindowBatch part = batch;
    part.windows = batch.windows_of(begin, end - begin);
    if (part.first_number) *part.first_number += static_cast<std::int64_t>(begin);
    const auto other = second_->predict(part, both.second()).single;
    const auto means = std::span(result.single).subspan(begin * rows, other.size());
    std::ranges::transform(means, other, means.begin(), mean_of);
    begin = end;  // needs no second network
  }
  return result;
}

}  // namespace transnet::nn
