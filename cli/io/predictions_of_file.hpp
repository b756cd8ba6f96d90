// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <vector>

namespace command {

/// The numbers of a file of probabilities, in the order of the frames.
struct PredictionsOfFile {
  std::vector<float> single;
  std::vector<float> many_hot;   ///< empty: there is one head
  std::vector<double> starts_s;  ///< when the frames begin, seconds from the first; empty: the file does not tell
};

/// Whether a number of a file is a probability; NaN is none.
[[nodiscard]] constexpr bool is_probability(std::floating_point auto number) noexcept {
  return number >= 0 && number <= 1;
}

}  // namespace command
