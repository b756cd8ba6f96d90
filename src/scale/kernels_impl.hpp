// SPDX-License-Identifier: Apache-2.0
#pragma once

// One source file per instruction set includes this file and names its set with TRANSNET_INSTRUCTION_SET. Everything
// here lies in a namespace of that name and calls nothing of the standard library: the linker keeps one copy of an
// inline function or a template for the whole program. A test (`nn.kernel_symbols`) checks it.

#include "scale/kernels.hpp"

#ifndef TRANSNET_INSTRUCTION_SET
#error "define TRANSNET_INSTRUCTION_SET as the name of the instruction set that this source is compiled for"
#endif

namespace transnet::scale::TRANSNET_INSTRUCTION_SET {

/// The kernels on `Vector`, which multiplies and adds `Vector::pixels` pixels at once.
template <typename Vector>
struct VectorKernels {
  static constexpr int pixels = Vector::pixels;

  static void widen(const std::uint8_t* from, std::int16_t* to, int count) {
    int i = 0;
    for (; i + pixels <= count; i += pixels) Vector::widen(from + i, to + i);
    for (; i < count; ++i) to[i] = from[i];
  }

  static void widen_pairs(const std::uint8_t* from, std::int16_t* first, std::int16_t* second, int count) {
    int i = 0;
    for (; i + pixels <= count; i += pixels) Vector::widen_pairs(from + 2 * i, first + i, second + i);
    for (; i < count; ++i) {
      first[i] = from[2 * i];
      second[i] = from[2 * i + 1];
    }
  }

  /// Filters with few taps get a loop of a constant length.
  static constexpr int most_unrolled = 8;

  /// The sums for one output, four lines at once. `Vectors`: of taps; 0 = as `filter` says.
  template <int Vectors, typename Add>
  static __attribute__((always_inline)) void sum_lines(typename Vector::Sum (&sums)[kernel_lines], LinesView lines,
                                                       const FilterView& filter, int output, Add add) {
    const int taps = Vectors > 0 ? Vectors * pixels : filter.taps;
    const std::int16_t* at = lines.first + filter.positions[output];
    const std::int16_t* coefficients = filter.coefficients + static_cast<std::ptrdiff_t>(output) * taps;
    for (auto& sum : sums) sum = Vector::zero();
#pragma GCC unroll 8
    for (int t = 0; t < taps; t += pixels) {
      const auto loaded = Vector::load(coefficients + t);
#pragma GCC unroll 4
      for (int line = 0; line < kernel_lines; ++line) {
        sums[line] = add(sums[line], Vector::load(at + line * lines.stride + t), loaded);
      }
    }
  }

  /// `store(output, totals)` for every output.
  template <int Vectors, typename Add, typename Store>
  static __attribute__((always_inline)) void for_each_output(LinesView lines, const FilterView& filter, Add add,
                                                             Store store) {
    for (int o = 0; o < filter.outputs; ++o) {
      typename Vector::Sum sums[kernel_lines];
      sum_lines<Vectors>(sums, lines, filter, o, add);
      store(o, sums);
    }
  }

  template <int Vectors = 1, typename Add, typename Store>
  static __attribute__((always_inline)) void for_all_taps(LinesView lines, const FilterView& filter, Add add,
                                                          Store store) {
    if (filter.taps == Vectors * pixels) {
      for_each_output<Vectors>(lines, filter, add, store);
    } else if constexpr (Vectors < most_unrolled) {
      for_all_taps<Vectors + 1>(lines, filter, add, store);
    } else {
      for_each_output<0>(lines, filter, add, store);
    }
  }

  using Sums = const typename Vector::Sum (&)[kernel_lines];

  static void filter(LinesView lines, const FilterView& filter, int shift, std::int16_t* to, std::ptrdiff_t to_stride) {
    for_all_taps(
        lines, filter, Vector::add_products, [=](int output, Sums sums) __attribute__((always_inline)) {
          Vector::store_shifted(Vector::total(sums), shift, to + output * to_stride);
        });
  }

  static void sum(LinesView lines, const FilterView& filter, std::int32_t* to) {
    for_each_output<0>(
        lines, filter, Vector::add_products, [=](int output, Sums sums) __attribute__((always_inline)) {
          Vector::store(Vector::total(sums), to + static_cast<std::ptrdiff_t>(output) * kernel_lines);
        });
  }

  static void sum_upper_halves(LinesView lines, const FilterView& filter, std::int32_t* to) {
    for_all_taps(
        lines, filter, Vector::add_upper_halves, [=](int output, Sums sums) __attribute__((always_inline)) {
          typename Vector::Sum wide[kernel_lines];
          for (int line = 0; line < kernel_lines; ++line) wide[line] = Vector::widen_sum(sums[line]);
          Vector::store(Vector::total(wide), to + static_cast<std::ptrdiff_t>(output) * kernel_lines);
        });
  }

  static constexpr Kernels table() { return {pixels, widen, widen_pairs, filter, sum, sum_upper_halves}; }
};

}  // namespace transnet::scale::TRANSNET_INSTRUCTION_SET
