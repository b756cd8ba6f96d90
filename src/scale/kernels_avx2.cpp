// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#define TRANSNET_INSTRUCTION_SET avx2
#include "scale/kernels_impl.hpp"

namespace transnet::scale {
namespace avx2 {

struct Vector {
  using Sum = __m256i;
  static constexpr int pixels = 16;

  static Sum zero() { return _mm256_setzero_si256(); }
  static __m256i load(const std::int16_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
  static Sum add_products(Sum sum, __m256i a, __m256i b) { return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)); }
  static Sum add_upper_halves(Sum sum, __m256i a, __m256i b) { return _mm256_add_epi16(sum, _mm256_mulhi_epi16(a, b)); }
  static Sum widen_sum(Sum sum) { return _mm256_madd_epi16(sum, _mm256_set1_epi16(1)); }

  /// The totals of four vectors of sums.
  static __m128i total(const Sum (&sums)[kernel_lines]) {
    const __m256i all = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  }
  static void store(__m128i totals, std::int32_t* to) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), totals); }
  static void store_shifted(__m128i totals, int shift, std::int16_t* to) {
    const __m128i shifted = _mm_sra_epi32(totals, _mm_cvtsi32_si128(shift));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packs_epi32(shifted, shifted));
  }

  static void widen(const std::uint8_t* from, std::int16_t* to) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_cvtepu8_epi16(bytes));
  }
  static void widen_pairs(const std::uint8_t* from, std::int16_t* first, std::int16_t* second) {
    const __m256i pairs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(first), _mm256_and_si256(pairs, _mm256_set1_epi16(0xff)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(second), _mm256_srli_epi16(pairs, 8));
  }
};

}  // namespace avx2

constinit const Kernels avx2_kernels = avx2::VectorKernels<avx2::Vector>::table();

}  // namespace transnet::scale
