// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace transnet::scale {

/// The coefficients that make one line of pixels longer or shorter: output o is the sum of
/// `coefficients[o * taps + t]` times pixel `positions[o] + t`.
struct Filter {
  int input = 0;  ///< pixels
  int taps = 0;
  std::vector<std::int32_t> positions;     ///< one an output
  std::vector<std::int16_t> coefficients;  ///< outputs x taps

  [[nodiscard]] int outputs() const noexcept { return static_cast<int>(positions.size()); }
};

struct FilterShape {
  int input = 0;             ///< pixels, at least 1
  int output = 0;            ///< pixels, at least 1
  int one = 0;               ///< the sum of the coefficients of an output
  int taps_multiple = 1;     ///< a power of two: libswscale's kernels for a processor take so many taps at a time
  int input_position = 128;  ///< of the first sample, in 1/256 of a pixel; 128: in the middle
};

/// The filter that libswscale computes for its option `bicubic`, equal in every coefficient: fixed-point arithmetic,
/// taps that hardly count are cut off at both ends, taps beyond the border are added to the border's, and the error of
/// rounding a coefficient goes into the next one.
[[nodiscard]] Filter bicubic_filter(const FilterShape& shape);

}  // namespace transnet::scale
