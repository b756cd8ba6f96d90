// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <span>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// From 0 to 1; NaN is not.
[[nodiscard]] constexpr bool is_probability(std::floating_point auto number) noexcept {
  return number >= 0 && number <= 1;
}

[[nodiscard]] constexpr bool are_probabilities(std::span<const float> numbers) noexcept {
  return std::ranges::all_of(numbers, [](float number) { return is_probability(number); });
}

}  // namespace transnet::inline TRANSNET_ABI
