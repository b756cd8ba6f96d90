// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scale/kernels.hpp"

namespace transnet::scale {

/// Lines of 16-bit pixels in memory that starts at a cache line. All pixels are 0 at first.
class Lines {
 public:
  Lines() = default;
  /// Makes room for `count` lines, rounded up to as many as a kernel takes, of at least `pixels`.
  Lines(int count, int pixels)
      : stride_blocks_(static_cast<std::size_t>(pixels) / block_pixels + 1),
        blocks_((static_cast<std::size_t>(count) + kernel_lines - 1) / kernel_lines * kernel_lines *
                (stride_blocks_ | 1U)) {
    // An odd number of cache lines: a column of pixels then spreads over all sets of the cache.
    stride_blocks_ |= 1U;
  }

  [[nodiscard]] std::ptrdiff_t stride() const noexcept {
    return static_cast<std::ptrdiff_t>(stride_blocks_ * block_pixels);
  }
  [[nodiscard]] std::int16_t* line(int index) noexcept {
    return blocks_[static_cast<std::size_t>(index) * stride_blocks_].pixels.data();
  }
  [[nodiscard]] LinesView view(int first) const noexcept {
    return {blocks_[static_cast<std::size_t>(first) * stride_blocks_].pixels.data(), stride()};
  }

 private:
  static constexpr std::size_t block_pixels = 32;
  struct alignas(64) Block {
    std::array<std::int16_t, block_pixels> pixels{};
  };

  std::size_t stride_blocks_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace transnet::scale
