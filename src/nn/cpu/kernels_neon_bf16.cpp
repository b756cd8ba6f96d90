// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET neon_bf16
#include <arm_neon.h>

#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu {
namespace neon_bf16 {

/// Small matrices of bfloat16, multiplied into sums in float: BFMMLA adds the products of two rows and two columns,
/// each with four values.
struct MatricesOfBfloat16 {
  using Element = Bfloat16;
  using Single = SinglePrecision<4, 12>;
  using Vec = Single::Vec;
  using Preparation = NoPreparation;
  /// Four columns of four values.
  struct Columns {
    bfloat16x8_t first, second;
  };
  /// Two rows of four columns, as two matrices.
  struct Sum {
    float32x4_t first, second;
  };

  static constexpr int vector_floats = Single::vector_floats;
  static constexpr int rows = Single::rows;
  static constexpr int sum_rows = 2;
  static constexpr int depth_step = 4;
  template <int Vectors>
  using Sums = RegisterSums<MatricesOfBfloat16, rows, Vectors>;

  static bfloat16x8_t load(const Bfloat16* from) {
    bfloat16x8_t values;
    __builtin_memcpy(&values, from, sizeof values);
    return values;
  }

  static Columns load_columns(const Bfloat16* from) { return {load(from), load(from + 8)}; }

  static Sum multiply_add(Sum sum, const Bfloat16* value, std::size_t stride, Columns columns) {
    bfloat16x4_t upper, lower;
    __builtin_memcpy(&upper, value, sizeof upper);
    __builtin_memcpy(&lower, value + stride, sizeof lower);
    const bfloat16x8_t values = vcombine_bf16(upper, lower);
    return {vbfmmlaq_f32(sum.first, values, columns.first), vbfmmlaq_f32(sum.second, values, columns.second)};
  }

  static Vec row_of(Sum sum, int row) {
    const auto first = vreinterpretq_f64_f32(sum.first), second = vreinterpretq_f64_f32(sum.second);
    const float64x2_t joined = row == 0 ? vzip1q_f64(first, second) : vzip2q_f64(first, second);
    Vec floats;
    __builtin_memcpy(&floats, &joined, sizeof floats);
    return floats;
  }

  static void store_elements(Bfloat16* to, Vec value) {
    float32x4_t floats;
    __builtin_memcpy(&floats, &value, sizeof floats);
    const bfloat16x4_t rounded = vcvt_bf16_f32(floats);
    __builtin_memcpy(to, &rounded, sizeof rounded);
  }
};

}  // namespace neon_bf16

constinit const ConvKernels<Bfloat16> neon_bf16_kernels =
    neon_bf16::Kernels<neon_bf16::MatricesOfBfloat16>::conv_table();

}  // namespace transnet::nn::cpu
