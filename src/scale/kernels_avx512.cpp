// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#define TRANSNET_INSTRUCTION_SET avx512
#include "scale/kernels_impl.hpp"

namespace transnet::scale {
namespace avx512 {

struct Vector {
  using Sum = __m512i;
  static constexpr int pixels = 32;

  static Sum zero() { return _mm512_setzero_si512(); }
  static __m512i load(const std::int16_t* from) { return _mm512_loadu_si512(from); }
  static Sum add_products(Sum sum, __m512i a, __m512i b) { return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b)); }
  static Sum add_upper_halves(Sum sum, __m512i a, __m512i b) { return _mm512_add_epi16(sum, _mm512_mulhi_epi16(a, b)); }
  static Sum widen_sum(Sum sum) { return _mm512_madd_epi16(sum, _mm512_set1_epi16(1)); }

  // GCC 12 warns of an uninitialised value in the functions without a mask.
  static __m512i low_pairs(__m512i a, __m512i b) { return _mm512_maskz_unpacklo_epi32(0xffff, a, b); }
  static __m512i high_pairs(__m512i a, __m512i b) { return _mm512_maskz_unpackhi_epi32(0xffff, a, b); }

  /// The totals of four vectors of sums.
  static __m128i total(const Sum (&sums)[kernel_lines]) {
    const __m512i first = _mm512_add_epi32(low_pairs(sums[0], sums[1]), high_pairs(sums[0], sums[1]));
    const __m512i second = _mm512_add_epi32(low_pairs(sums[2], sums[3]), high_pairs(sums[2], sums[3]));
    const __m512i all = _mm512_add_epi32(_mm512_maskz_unpacklo_epi64(0xff, first, second),
                                         _mm512_maskz_unpackhi_epi64(0xff, first, second));
    const __m256i half =
        _mm256_add_epi32(_mm512_maskz_extracti64x4_epi64(0xf, all, 0), _mm512_maskz_extracti64x4_epi64(0xf, all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  }
  static void store(__m128i totals, std::int32_t* to) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), totals); }
  static void store_shifted(__m128i totals, int shift, std::int16_t* to) {
    const __m128i shifted = _mm_sra_epi32(totals, _mm_cvtsi32_si128(shift));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packs_epi32(shifted, shifted));
  }

  static void widen(const std::uint8_t* from, std::int16_t* to) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    _mm512_storeu_si512(to, _mm512_cvtepu8_epi16(bytes));
  }
  static void widen_pairs(const std::uint8_t* from, std::int16_t* first, std::int16_t* second) {
    const __m512i pairs = _mm512_loadu_si512(from);
    _mm512_storeu_si512(first, _mm512_and_si512(pairs, _mm512_set1_epi16(0xff)));
    _mm512_storeu_si512(second, _mm512_srli_epi16(pairs, 8));
  }
};

}  // namespace avx512

constinit const Kernels avx512_kernels = avx512::VectorKernels<avx512::Vector>::table();

}  // namespace transnet::scale
