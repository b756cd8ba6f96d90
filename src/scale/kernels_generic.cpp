// SPDX-License-Identifier: Apache-2.0
#include "scale/kernels.hpp"

namespace transnet::scale {
namespace generic {
namespace {

void widen(const std::uint8_t* from, std::int16_t* to, int pixels) {
  for (int i = 0; i < pixels; ++i) to[i] = from[i];
}

void widen_pairs(const std::uint8_t* from, std::int16_t* first, std::int16_t* second, int pixels) {
  for (int i = 0; i < pixels; ++i) {
    first[i] = from[2 * i];
    second[i] = from[2 * i + 1];
  }
}

/// Compilers make vector instructions of these loops.
std::int32_t sum_line(const std::int16_t* pixels, const std::int16_t* coefficients, int taps) {
  std::int32_t sum = 0;
  for (int t = 0; t < taps; ++t) sum += pixels[t] * coefficients[t];
  return sum;
}

std::int32_t sum_line_upper_halves(const std::int16_t* pixels, const std::int16_t* coefficients, int taps) {
  std::int32_t sum = 0;
  for (int t = 0; t < taps; ++t) sum += (pixels[t] * coefficients[t]) >> 16;
  return sum;
}

template <typename Sum, typename Store>
void for_each(LinesView lines, const FilterView& filter, Sum sum, Store store) {
  for (int o = 0; o < filter.outputs; ++o) {
    for (int line = 0; line < kernel_lines; ++line) {
      store(o, line,
            sum(lines.first + line * lines.stride + filter.positions[o],
                filter.coefficients + static_cast<std::ptrdiff_t>(o) * filter.taps, filter.taps));
    }
  }
}

void filter(LinesView lines, const FilterView& filter, int shift, std::int16_t* to, std::ptrdiff_t to_stride) {
  for_each(lines, filter, sum_line, [=](int o, int line, std::int32_t sum) {
    const std::int32_t value = sum >> shift;
    to[o * to_stride + line] = static_cast<std::int16_t>(value < 32767 ? value : 32767);
  });
}

void sum(LinesView lines, const FilterView& filter, std::int32_t* to) {
  for_each(lines, filter, sum_line, [=](int o, int line, std::int32_t sum) { to[o * kernel_lines + line] = sum; });
}

void sum_upper_halves(LinesView lines, const FilterView& filter, std::int32_t* to) {
  for_each(lines, filter, sum_line_upper_halves,
           [=](int o, int line, std::int32_t sum) { to[o * kernel_lines + line] = sum; });
}

}  // namespace
}  // namespace generic

constinit const Kernels generic_kernels{
    8, generic::widen, generic::widen_pairs, generic::filter, generic::sum, generic::sum_upper_halves};

}  // namespace transnet::scale
