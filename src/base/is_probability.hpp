// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// From 0 to 1; NaN is not.
[[nodiscard]] constexpr bool is_probability(std::floating_point auto number) noexcept {
  return number >= 0 && number <= 1;
}

/// The position of the first number that is not a probability; the count of numbers if all are.
[[nodiscard]] constexpr std::size_t first_wrong_probability(std::span<const float> numbers) noexcept {
  const auto wrong = std::ranges::find_if_not(numbers, [](float number) { return is_probability(number); });
  return static_cast<std::size_t>(wrong - numbers.begin());
}

[[nodiscard]] constexpr bool are_probabilities(std::span<const float> numbers) noexcept {
  return first_wrong_probability(numbers) == numbers.size();
}

}  // namespace transnet::inline TRANSNET_ABI
