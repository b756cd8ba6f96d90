// SPDX-License-Identifier: Apache-2.0
#include "scale/packed_filter.hpp"

#include <algorithm>
#include <cstddef>

namespace transnet::scale {
namespace {

constexpr int round_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// Taps per output if positions are rounded down to a multiple of `alignment`.
int padded(const Filter& filter, int alignment, int vector_pixels) {
  int most = 0;
  for (const int position : filter.positions) most = std::max(most, position % alignment + filter.taps);
  return round_up(most, vector_pixels);
}

/// The alignment of the positions, in pixels.
int best_alignment(const Filter& filter, int vector_pixels) {
  // Fewer vectors or fewer loads that cross a cache line: the relative costs were measured.
  const double aligned = padded(filter, vector_pixels, vector_pixels);
  const double half_aligned = 1.25 * padded(filter, vector_pixels / 2, vector_pixels);
  const double unaligned = 1.5 * padded(filter, 1, vector_pixels);
  if (aligned <= half_aligned && aligned <= unaligned) return vector_pixels;
  return half_aligned <= unaligned ? vector_pixels / 2 : 1;
}

}  // namespace

PackedFilter::PackedFilter(const Filter& filter, int vector_pixels)
    : taps_(filter.taps), line_pixels_(filter.input), positions_(filter.positions) {
  const int alignment = best_alignment(filter, vector_pixels);
  padded_taps_ = padded(filter, alignment, vector_pixels);
  coefficients_.resize(positions_.size() * static_cast<std::size_t>(padded_taps_));
  for (std::size_t o = 0; o < positions_.size(); ++o) {
    const int shift = positions_[o] % alignment;
    const auto from = filter.coefficients.begin() + static_cast<std::ptrdiff_t>(o) * taps_;
    std::copy_n(from, taps_, coefficients_.begin() + static_cast<std::ptrdiff_t>(o) * padded_taps_ + shift);
    positions_[o] -= shift;
    line_pixels_ = std::max(line_pixels_, positions_[o] + padded_taps_);
  }
}

FilterView PackedFilter::view(int first, int count) const noexcept {
  return {count, padded_taps_, positions_.data() + first,
          coefficients_.data() + static_cast<std::ptrdiff_t>(first) * padded_taps_};
}

}  // namespace transnet::scale
