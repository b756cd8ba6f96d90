// SPDX-License-Identifier: Apache-2.0
#include "scale/bicubic_filter.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <numeric>
#include <span>

namespace transnet::scale {
namespace {

constexpr std::int64_t fixed_one = std::int64_t{1} << 30;  // of distances and their powers
constexpr double negligible = 0.002;                       // this share of an output may be cut off at either end

/// The taps of one output before they are rounded.
struct Taps {
  std::int64_t position = 0;
  std::vector<std::int64_t> weights;
};

/// The cubic with B = 0 and C = 0.6, times 6 * 2^54. `distance`: fixed point.
std::int64_t cubic(std::int64_t distance) {
  constexpr std::int64_t unit = std::int64_t{1} << 24;
  constexpr auto c = static_cast<std::int64_t>(0.6 * unit);
  if (distance >= 2 * fixed_one) return 0;
  const std::int64_t square = (distance * distance) >> 30;
  const std::int64_t cube = (square * distance) >> 30;
  if (distance < fixed_one) return (12 * unit - 6 * c) * cube + (6 * c - 18 * unit) * square + 6 * unit * fixed_one;
  return -6 * c * cube + 30 * c * square - 48 * c * distance + 24 * c * fixed_one;
}

/// 16.16 fixed point: pixels of the input a pixel of the output.
std::int64_t step_of(const FilterShape& shape) {
  return ((std::int64_t{shape.input} << 16) + shape.output / 2) / shape.output;
}

std::vector<Taps> sample_cubic(const FilterShape& shape, std::int64_t one) {
  constexpr std::int64_t pixel = std::int64_t{1} << 17;  // positions count in half of 1/65536 pixel
  constexpr std::int64_t middle = 128;
  const std::int64_t step = step_of(shape);
  const bool shrinks = step > 1 << 16;
  const std::int64_t reach = shrinks ? 1 + (4 * std::int64_t{shape.input} + shape.output - 1) / shape.output : 5;
  const std::int64_t count = std::max<std::int64_t>(std::min<std::int64_t>(reach, shape.input - 2), 1);
  const std::int64_t divisor = (std::int64_t{1} << 54) / one;

  std::vector<Taps> outputs(static_cast<std::size_t>(shape.output));
  std::int64_t centre = ((middle * step) >> 7) - (std::int64_t{shape.input_position} * 0x10000 >> 7);
  for (auto& taps : outputs) {
    taps.position = (centre - (count - 2) * (pixel / 2)) / pixel;
    taps.weights.resize(static_cast<std::size_t>(count));
    for (std::int64_t t = 0; t < count; ++t) {
      std::int64_t distance = std::abs((taps.position + t) * pixel - centre) << 13;
      if (shrinks) distance = distance * shape.output / shape.input;
      taps.weights[static_cast<std::size_t>(t)] = cubic(distance) / divisor;
    }
    centre += 2 * step;
  }
  return outputs;
}

std::vector<Taps> copy_pixels(const FilterShape& shape, std::int64_t one) {
  std::vector<Taps> outputs(static_cast<std::size_t>(shape.output));
  for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = {static_cast<std::int64_t>(i), {one}};
  return outputs;
}

/// Cuts negligible taps off on the left; the remaining ones move up. Positions must not decrease from output to output.
/// Returns the most taps that an output needs.
int cut_off(std::vector<Taps>& outputs, double limit) {
  int needed = 0;
  for (std::size_t i = outputs.size(); i-- > 0;) {
    auto& [position, weights] = outputs[i];
    std::size_t cut = 0;
    for (std::int64_t lost = 0; cut < weights.size(); ++cut) {
      lost += std::abs(weights[cut]);
      const bool would_pass_next = i + 1 < outputs.size() && position >= outputs[i + 1].position;
      if (static_cast<double>(lost) > limit || would_pass_next) break;
      ++position;
    }
    std::shift_left(weights.begin(), weights.end(), static_cast<std::ptrdiff_t>(cut));
    std::fill(weights.end() - static_cast<std::ptrdiff_t>(cut), weights.end(), 0);

    auto length = static_cast<int>(weights.size());
    for (std::int64_t lost = 0; length > 1; --length) {
      lost += std::abs(weights[static_cast<std::size_t>(length) - 1]);
      if (static_cast<double>(lost) > limit) break;
    }
    needed = std::max(needed, length);
  }
  return needed;
}

/// Adds taps beyond the first or last pixel to that pixel's.
void fold_borders(Taps& taps, std::int64_t input) {
  auto& [position, weights] = taps;
  const auto size = static_cast<std::int64_t>(weights.size());
  if (position < 0) {
    std::vector<std::int64_t> folded(weights.size());
    for (std::int64_t t = 0; t < size; ++t) {
      folded[static_cast<std::size_t>(std::max<std::int64_t>(t + position, 0))] += weights[static_cast<std::size_t>(t)];
    }
    weights = std::move(folded);
    position = 0;
  }
  if (position + size <= input) return;
  const std::int64_t start = std::max<std::int64_t>(input - size, 0);
  std::vector<std::int64_t> folded(weights.size());
  for (std::int64_t t = 0; t < size; ++t) {
    const std::int64_t pixel = std::min(position + t, input - 1);
    folded[static_cast<std::size_t>(pixel - start)] += weights[static_cast<std::size_t>(t)];
  }
  weights = std::move(folded);
  position = start;
}

/// Rounds to coefficients whose sum is `one`.
void round_taps(std::span<const std::int64_t> weights, std::int64_t one, std::int16_t* coefficients) {
  std::int64_t divisor = (std::accumulate(weights.begin(), weights.end(), std::int64_t{0}) + one / 2) / one;
  if (divisor == 0) divisor = 1;
  std::int64_t error = 0;
  for (const std::int64_t weight : weights) {
    const std::int64_t value = weight + error;
    const std::int64_t half = value >= 0 ? divisor >> 1 : -(divisor >> 1);
    const std::int64_t rounded = (value + half) / divisor;
    error = value - rounded * divisor;
    *coefficients++ = static_cast<std::int16_t>(rounded);
  }
}

}  // namespace

Filter bicubic_filter(const FilterShape& shape) {
  const auto ratio = static_cast<unsigned>(std::max(shape.input / shape.output, 1));
  const int precision = 54 - std::min(static_cast<int>(std::bit_width(ratio)) - 1, 8);
  const std::int64_t one = std::int64_t{1} << precision;
  const bool keeps_size = std::abs(step_of(shape) - 0x10000) < 10 && shape.input_position == 128;
  auto outputs = keeps_size ? copy_pixels(shape, one) : sample_cubic(shape, one);

  const int needed = cut_off(outputs, negligible * static_cast<double>(one));
  const int multiple = needed == 1 && shape.taps_multiple == 2 ? 1 : shape.taps_multiple;
  Filter filter;
  filter.input = shape.input;
  filter.taps = (needed + multiple - 1) / multiple * multiple;
  filter.coefficients.resize(outputs.size() * static_cast<std::size_t>(filter.taps));
  std::int16_t* coefficients = filter.coefficients.data();
  for (auto& taps : outputs) {
    taps.weights.resize(static_cast<std::size_t>(filter.taps));
    fold_borders(taps, shape.input);
    round_taps(taps.weights, shape.one, coefficients);
    coefficients += filter.taps;
    filter.positions.push_back(static_cast<std::int32_t>(taps.position));
  }
  return filter;
}

}  // namespace transnet::scale
