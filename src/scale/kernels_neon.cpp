// SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#define TRANSNET_INSTRUCTION_SET neon
#include "scale/kernels_impl.hpp"

namespace transnet::scale {
namespace neon {

struct Vector {
  using Sum = int32x4_t;
  static constexpr int pixels = 8;

  static Sum zero() { return vdupq_n_s32(0); }
  static int16x8_t load(const std::int16_t* from) { return vld1q_s16(from); }
  static Sum add_products(Sum sum, int16x8_t a, int16x8_t b) {
    return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(a), vget_low_s16(b)), a, b);
  }
  static Sum add_upper_halves(Sum sum, int16x8_t a, int16x8_t b) {
    sum = vsraq_n_s32(sum, vmull_s16(vget_low_s16(a), vget_low_s16(b)), 16);
    return vsraq_n_s32(sum, vmull_high_s16(a, b), 16);
  }
  static Sum widen_sum(Sum sum) { return sum; }  // it has 32 bits already

  /// The totals of four vectors of sums.
  static int32x4_t total(const Sum (&sums)[kernel_lines]) {
    return vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3]));
  }
  static void store(int32x4_t totals, std::int32_t* to) { vst1q_s32(to, totals); }
  static void store_shifted(int32x4_t totals, int shift, std::int16_t* to) {
    vst1_s16(to, vqmovn_s32(vshlq_s32(totals, vdupq_n_s32(-shift))));
  }

  static void widen(const std::uint8_t* from, std::int16_t* to) {
    vst1q_s16(to, vreinterpretq_s16_u16(vmovl_u8(vld1_u8(from))));
  }
  static void widen_pairs(const std::uint8_t* from, std::int16_t* first, std::int16_t* second) {
    const uint8x8x2_t pairs = vld2_u8(from);
    vst1q_s16(first, vreinterpretq_s16_u16(vmovl_u8(pairs.val[0])));
    vst1q_s16(second, vreinterpretq_s16_u16(vmovl_u8(pairs.val[1])));
  }
};

}  // namespace neon

constinit const Kernels neon_kernels = neon::VectorKernels<neon::Vector>::table();

}  // namespace transnet::scale
