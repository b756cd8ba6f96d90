// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace transnet::scale {

/// Red of V, blue of U, green of U, green of V in 1/65536, for limited range.
using MatrixCoefficients = std::array<std::int32_t, 4>;

/// Of a colour space by its number in ITU-T H.273; unknown ones count as BT.601, as in libavfilter.
[[nodiscard]] MatrixCoefficients matrix_coefficients(int color_space) noexcept;

/// Converts Y'CbCr to 8-bit RGB with the integers that libswscale's C code uses.
class YuvToRgb {
 public:
  YuvToRgb() = default;
  YuvToRgb(const MatrixCoefficients& coefficients, bool is_full_range);

  /// `y`, `u`, `v`: 8 bits, beyond the range too.
  void convert_8_bit(int y, int u, int v, std::uint8_t* rgb) const noexcept;
  /// For chroma of the output's width. 17 bits: `y` from 0, `u` and `v` around 0.
  void convert_17_bit(int y, int u, int v, std::uint8_t* rgb) const noexcept;

 private:
  /// The steps of Y' that a chroma sample is worth.
  struct Steps {
    std::int64_t per_sample = 0;  // in 1/65536
    [[nodiscard]] std::int64_t of(int sample) const noexcept;
  };

  Steps red_of_v_, blue_of_u_, green_of_u_, green_of_v_;
  std::int64_t luma_scale_ = 0;
  std::int64_t luma_bias_ = 0;

  std::uint32_t wide_luma_offset_ = 0;
  std::uint32_t wide_luma_ = 0;
  std::uint32_t wide_red_of_v_ = 0, wide_blue_of_u_ = 0, wide_green_of_u_ = 0, wide_green_of_v_ = 0;
};

}  // namespace transnet::scale
