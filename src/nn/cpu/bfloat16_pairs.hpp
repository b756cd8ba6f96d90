// SPDX-License-Identifier: Apache-2.0
#pragma once

// For sources of instruction sets with AVX512-BF16, in the namespace of their set as kernels_impl.hpp.

#include <immintrin.h>

#include "nn/cpu/kernels_impl.hpp"

namespace transnet::nn::cpu::TRANSNET_INSTRUCTION_SET {

/// Pairs of bfloat16 products, summed in float.
struct PairsOfBfloat16 {
  using Element = Bfloat16;
  using Single = SinglePrecision<16, 12>;
  using Vec = Single::Vec;
  using Columns = __m512bh;
  using Sum = Vec;
  using Preparation = NoPreparation;

  static constexpr int vector_floats = Single::vector_floats;
  static constexpr int rows = Single::rows;
  static constexpr int sum_rows = 1;
  static constexpr int depth_step = 2;
  template <int Vectors>
  using Sums = RegisterSums<PairsOfBfloat16, rows, Vectors>;

  static Columns load_columns(const Bfloat16* from) {
    Columns columns;
    __builtin_memcpy(&columns, from, sizeof columns);
    return columns;
  }

  static Sum multiply_add(Sum sum, const Bfloat16* value, std::size_t /*stride*/, Columns columns) {
    int pair = 0;
    __builtin_memcpy(&pair, value, sizeof pair);
    __m512i pairs = _mm512_set1_epi32(pair);
#if defined(__clang__) && __clang_major__ == 16
    asm("" : "+v"(pairs));  // Clang 16 crashes if it sees that bfloat16 numbers repeat
#endif
    Columns values;
    __builtin_memcpy(&values, &pairs, sizeof values);
    return _mm512_dpbf16_ps(sum, values, columns);
  }

  static Vec row_of(Sum sum, int /*row*/) { return sum; }

  static void store_elements(Bfloat16* to, Vec value) {
    const __m256bh rounded = _mm512_cvtneps_pbh(value);
    __builtin_memcpy(to, &rounded, sizeof rounded);
  }
};

}  // namespace transnet::nn::cpu::TRANSNET_INSTRUCTION_SET
