// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// The inner loops of the scaler, compiled once per instruction set. This header holds only data: the sources that are
/// compiled for an instruction set include it, and must not share functions with other sources.
namespace transnet::scale {

/// Lines that a kernel filters at a time, with each coefficient loaded once.
inline constexpr int kernel_lines = 4;

/// A filter as the kernels read it: every output has `taps` coefficients, a multiple of the kernels' `vector_pixels`,
/// padded with zeros. Lines must hold `length` pixels.
struct FilterView {
  int outputs = 0;
  int taps = 0;
  const std::int32_t* positions = nullptr;
  const std::int16_t* coefficients = nullptr;
};

/// Four lines of pixels, `stride` apart.
struct LinesView {
  const std::int16_t* first = nullptr;
  std::ptrdiff_t stride = 0;
};

struct Kernels {
  int vector_pixels = 0;  ///< coefficients are padded to a multiple of it
  /// 8-bit pixels to 16 bits.
  void (*widen)(const std::uint8_t* from, std::int16_t* to, int pixels) = nullptr;
  /// Interleaved pairs of 8-bit pixels to two lines of 16 bits.
  void (*widen_pairs)(const std::uint8_t* from, std::int16_t* first, std::int16_t* second, int pixels) = nullptr;
  /// to[o * to_stride + line] = min(sum of products >> shift, 32767). `shift` >= 7.
  void (*filter)(LinesView lines, const FilterView& filter, int shift, std::int16_t* to,
                 std::ptrdiff_t to_stride) = nullptr;
  /// to[o * 4 + line] = sum of products.
  void (*sum)(LinesView lines, const FilterView& filter, std::int32_t* to) = nullptr;
  /// to[o * 4 + line] = sum of the upper halves of the products, right in the lower 16 bits.
  void (*sum_upper_halves)(LinesView lines, const FilterView& filter, std::int32_t* to) = nullptr;
};

extern const Kernels generic_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;
#elif defined(__aarch64__)
extern const Kernels neon_kernels;
#endif

}  // namespace transnet::scale
