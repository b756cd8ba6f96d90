// SPDX-License-Identifier: Apache-2.0
#include "pipeline/second_look.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <ranges>
#include <utility>

namespace transnet::inline TRANSNET_ABI {
namespace {

// Chosen on the development edits of bench/accuracy: see bench/ACCURACY.md.
constexpr float slow_threshold = 0.2F;           // for the first head on every third frame
constexpr float slow_many_hot_threshold = 0.3F;  // for the second one
constexpr std::size_t shortest_slow_frames = 12;
// Brings `slow_threshold` to the threshold of the profile, so that one threshold decides about all transitions.
constexpr float slow_weight = 1.3F;
// The first look found a transition itself where its answer is above the least that is added.
constexpr float found_already = slow_weight * slow_threshold;

ShotStreamOptions every_third(const ShotStreamOptions& first_look) {
  // Without `many_hot_decides_at`: in precision `automatic`, the length of a slow transition may come from bf16,
  // because fp32 would run again in half of all windows to move its ends by three frames. docs/model.md says so.
  constexpr int most = std::numeric_limits<int>::max() / second_look_step;
  ShotStreamOptions options{.frame_step = second_look_step * std::min(first_look.frame_step, most)};
  if (first_look.decides_at) {
    options.decides_at = slow_threshold;
    options.also_decides_at = *first_look.decides_at / slow_weight;  // about the added answers
  }
  return options;
}

}  // namespace

void add_slow_transitions(const ShotProbabilities& thirds, ShotProbabilities& answers) {
  const auto& many_hot = thirds.many_hot;
  for (std::size_t start = 0; start < many_hot.size();) {
    if (many_hot[start] <= slow_many_hot_threshold) {
      ++start;
      continue;
    }
    std::size_t end = start;
    while (end < many_hot.size() && many_hot[end] > slow_many_hot_threshold) ++end;
    const auto in_run = [start, end](auto& values) {
      return std::ranges::subrange(values.begin() + static_cast<std::ptrdiff_t>(start),
                                   values.begin() + static_cast<std::ptrdiff_t>(end));
    };
    const auto slow = in_run(thirds.single);
    const auto peak = std::ranges::max_element(slow);
    const bool is_new = std::ranges::max(in_run(answers.single)) <= found_already;
    if (end - start >= shortest_slow_frames && *peak > slow_threshold && is_new) {
      // The answer of a frame counts for the two after it as well: the middle one stands for the three.
      const auto at = std::min(start + static_cast<std::size_t>(peak - slow.begin()) + 1, end - 1);
      answers.single[at] = std::min(1.0F, slow_weight * *peak);
      for (std::size_t i = start; i < end; ++i) answers.many_hot[i] = std::max(answers.many_hot[i], many_hot[i]);
    }
    start = end;
  }
}

ShotStreamOptions with_second_look(ShotStreamOptions first_look) {
  first_look.also_decides_at = found_already;
  return first_look;
}

SecondLook::SecondLook(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& first_look)
    : thirds_(std::move(model), every_third(first_look)) {}

void SecondLook::push(std::span<const std::uint8_t> frame) {
  thirds_.push(frame);
  returns_.push(frame);
}

void SecondLook::correct(ShotProbabilities& answers) {
  thirds_.finish();
  const auto& in_return = returns_.in_return();
  for (std::size_t i = 0; i < in_return.size(); ++i) {
    if (in_return[i]) answers.single[i] = 0.0F;
  }
  add_slow_transitions(thirds_.take(), answers);
}

}  // namespace transnet::inline TRANSNET_ABI
