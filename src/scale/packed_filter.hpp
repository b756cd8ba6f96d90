// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scale/bicubic_filter.hpp"
#include "scale/kernels.hpp"

namespace transnet::scale {

/// A filter with its taps padded by zeros, so that kernels read whole vectors of pixels, at aligned positions where
/// that costs less than loads that cross cache lines.
class PackedFilter {
 public:
  PackedFilter() = default;
  PackedFilter(const Filter& filter, int vector_pixels);

  [[nodiscard]] int outputs() const noexcept { return static_cast<int>(positions_.size()); }
  /// Taps before padding.
  [[nodiscard]] int taps() const noexcept { return taps_; }
  /// Pixels that a line must hold, at least the filter's input. The pixels behind the input have no weight.
  [[nodiscard]] int line_pixels() const noexcept { return line_pixels_; }

  [[nodiscard]] FilterView view() const noexcept { return view(0, outputs()); }
  /// Of `count` outputs from `first` on.
  [[nodiscard]] FilterView view(int first, int count) const noexcept;

 private:
  int taps_ = 0;
  int padded_taps_ = 0;
  int line_pixels_ = 0;
  std::vector<std::int32_t> positions_;
  std::vector<std::int16_t> coefficients_;
};

}  // namespace transnet::scale
