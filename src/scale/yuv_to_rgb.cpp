// SPDX-License-Identifier: Apache-2.0
#include "scale/yuv_to_rgb.hpp"

#include <algorithm>

namespace transnet::scale {
namespace {

constexpr std::int64_t one = 65536;

/// value * 2^bits, rounded to 16 bits. `value` is in 1/65536.
std::uint32_t rounded_to_16_bits(std::int64_t value, int bits) {
  const std::int64_t rounded = ((value << bits) + 0x8000) >> 16;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(rounded, -0x8000, 0x7fff));
}

std::uint8_t upper_byte(std::uint32_t sum) {
  const auto value = static_cast<std::int32_t>(sum);
  return static_cast<std::uint8_t>(std::clamp(value, 0, (1 << 30) - 1) >> 22);
}

}  // namespace

MatrixCoefficients matrix_coefficients(int color_space) noexcept {
  switch (color_space) {
    case 1: return {117489, 138438, 13975, 34925};  // BT.709
    case 4: return {104448, 132798, 24759, 53109};  // FCC
    case 7: return {117579, 136230, 16907, 35559};  // SMPTE 240M
    case 9:
    case 10: return {110013, 140363, 12277, 42626};  // BT.2020
    default: return {104597, 132201, 25675, 53279};  // BT.601
  }
}

std::int64_t YuvToRgb::Steps::of(int sample) const noexcept {
  return -(per_sample >> 9) + ((std::clamp(sample, 0, 255) * per_sample) >> 16);
}

YuvToRgb::YuvToRgb(const MatrixCoefficients& coefficients, bool is_full_range) {
  std::int64_t luma = one;
  std::int64_t offset = 0;
  std::array<std::int64_t, 4> chroma{coefficients[0], coefficients[1], -std::int64_t{coefficients[2]},
                                     -std::int64_t{coefficients[3]}};
  if (is_full_range) {
    for (auto& each : chroma) each = each * 224 / 255;
  } else {
    luma = luma * 255 / 219;
    offset = 16 * one;
  }
  wide_luma_ = rounded_to_16_bits(luma, 13);
  wide_luma_offset_ = rounded_to_16_bits(offset, 9);
  wide_red_of_v_ = rounded_to_16_bits(chroma[0], 13);
  wide_blue_of_u_ = rounded_to_16_bits(chroma[1], 13);
  wide_green_of_u_ = rounded_to_16_bits(chroma[2], 13);
  wide_green_of_v_ = rounded_to_16_bits(chroma[3], 13);

  for (auto& each : chroma) each = (each * one + 0x8000) / luma;
  red_of_v_ = {chroma[0]};
  blue_of_u_ = {chroma[1]};
  green_of_u_ = {chroma[2]};
  green_of_v_ = {chroma[3]};
  luma_scale_ = luma;
  // libswscale's table begins 384 below black; black lies `steps` later.
  const std::int64_t steps = is_full_range ? 384 : 326;
  luma_bias_ = steps * luma - 384 * one - offset + 0x8000;
}

void YuvToRgb::convert_8_bit(int y, int u, int v, std::uint8_t* rgb) const noexcept {
  const auto at = [&](std::int64_t steps) {
    const std::int64_t value = (luma_bias_ + (y + steps) * luma_scale_) >> 16;
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, 255));
  };
  rgb[0] = at(red_of_v_.of(v));
  rgb[1] = at(green_of_u_.of(u) + green_of_v_.of(v));
  rgb[2] = at(blue_of_u_.of(u));
}

void YuvToRgb::convert_17_bit(int y, int u, int v, std::uint8_t* rgb) const noexcept {
  const auto wide_u = static_cast<std::uint32_t>(u);
  const auto wide_v = static_cast<std::uint32_t>(v);
  const std::uint32_t luma = (static_cast<std::uint32_t>(y) - wide_luma_offset_) * wide_luma_ + (1U << 21);
  rgb[0] = upper_byte(luma + wide_v * wide_red_of_v_);
  rgb[1] = upper_byte(luma + wide_v * wide_green_of_v_ + wide_u * wide_green_of_u_);
  rgb[2] = upper_byte(luma + wide_u * wide_blue_of_u_);
}

}  // namespace transnet::scale
