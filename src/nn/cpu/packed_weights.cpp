// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/packed_weights.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "nn/cpu/to_size.hpp"

namespace transnet::nn::cpu {
namespace {

constexpr int taps = kernel_size * kernel_size;

using TransformRow = std::array<double, kernel_size>;

/// G of F(4, 3) for the points 0, 1, -1, 2, -2 and infinity.
constexpr std::array<TransformRow, tile_inputs<4>> transform_4{{
    {1.0 / 4, 0.0, 0.0},
    {-1.0 / 6, -1.0 / 6, -1.0 / 6},
    {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 24, 1.0 / 12, 1.0 / 6},
    {1.0 / 24, -1.0 / 12, 1.0 / 6},
    {0.0, 0.0, 1.0},
}};

/// G of F(3, 3) for the points 0, 1, -1, 2 and infinity.
constexpr std::array<TransformRow, tile_inputs<3>> transform_3{{
    {1.0 / 2, 0.0, 0.0},
    {-1.0 / 2, -1.0 / 2, -1.0 / 2},
    {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 6, 1.0 / 3, 2.0 / 3},
    {0.0, 0.0, 1.0},
}};

template <typename Element>
Element to_element(double value);

template <>
float to_element(double value) {
  return static_cast<float>(value);
}

/// Rounded to the nearest, ties to even. Weights are finite.
template <>
Bfloat16 to_element(double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return {static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U)};
}

/// G * weights * G^T, row by row.
template <std::size_t Rows>
void transform_weights(const std::array<TransformRow, Rows>& rows, const float* weights, double* transformed) {
  for (const TransformRow& row : rows) {
    TransformRow sums{};
    for (std::size_t y = 0; y < row.size(); ++y) {
      for (std::size_t x = 0; x < sums.size(); ++x) {
        sums[x] += row[y] * static_cast<double>(weights[y * sums.size() + x]);
      }
    }
    for (const TransformRow& column : transform_4) {
      *transformed++ = sums[0] * column[0] + sums[1] * column[1] + sums[2] * column[2];
    }
  }
}

/// Appends weight(in, column) for all inputs and columns of a panel; `depth_step` inputs lie side by side.
template <typename Element, typename Weight>
void pack_panel(std::vector<Element>& packed, int in_channels, int columns, int depth_step, const Weight& weight) {
  for (int first = 0; first < in_channels; first += depth_step) {
    for (int column = 0; column < columns; ++column) {
      for (int in = first; in < first + depth_step; ++in) packed.push_back(to_element<Element>(weight(in, column)));
    }
  }
}

}  // namespace

std::vector<float> pack_first_conv(const ConvWeights& weights, int group_channels, double scale, int panel_columns) {
  constexpr int channels = 3;
  std::vector<float> packed;
  const int groups = static_cast<int>(weights.size());
  packed.reserve(to_size(groups * group_channels * channels * taps));
  for (int first = 0; first < groups * group_channels; first += panel_columns) {
    const auto& group = weights[to_size(first / group_channels)];
    for (int tap = 0; tap < taps; ++tap) {
      for (int channel = 0; channel < channels; ++channel) {
        for (int column = 0; column < panel_columns; ++column) {
          const int out = first % group_channels + column;
          packed.push_back(
              static_cast<float>(scale * static_cast<double>(group[to_size((out * channels + channel) * taps + tap)])));
        }
      }
    }
  }
  return packed;
}

template <typename Element>
std::vector<Element> pack_winograd(const ConvWeights& weights, const SpatialConv<Element>& conv,
                                   const ConvKernels<Element>& kernels) {
  const int in_channels = conv.in_channels, group_channels = conv.group_channels;
  const int positions = conv.grid.tile_positions;
  const int columns = kernels.panel_columns;
  const int step = kernels.depth_step;
  const std::size_t panel = to_size(in_channels) * to_size(columns);  // elements, at one position
  // The elements of all positions for `step` inputs, which lie side by side. Written from here in one go: the positions
  // of a panel are a power of two apart, and would push each other out of the cache.
  const std::size_t row = to_size(columns * step);
  std::vector<Element> rows(to_size(positions) * row);
  std::vector<Element> packed(to_size(positions) * to_size(conv.groups * group_channels) * to_size(in_channels));
  std::array<double, tile_positions<max_tile_height>> transformed{};
  Element* out = packed.data();
  for (int first = 0; first < conv.groups * group_channels; first += columns, out += to_size(positions) * panel) {
    const auto& group = weights[to_size(first / group_channels)];
    for (int in = 0; in < in_channels; in += step) {
      for (int column = 0; column < columns; ++column) {
        for (int side = 0; side < step; ++side) {
          const int filter = (first % group_channels + column) * in_channels + in + side;
          const float* const kernel = &group[to_size(filter) * taps];
          if (conv.grid.tile_height == 3) {
            transform_weights(transform_3, kernel, transformed.data());
          } else {
            transform_weights(transform_4, kernel, transformed.data());
          }
          for (std::size_t position = 0; position < to_size(positions); ++position) {
            rows[position * row + to_size(column * step + side)] = to_element<Element>(transformed[position]);
          }
        }
      }
      for (std::size_t position = 0; position < to_size(positions); ++position) {
        std::copy_n(&rows[position * row], row, out + position * panel + to_size(in / step) * row);
      }
    }
  }
  return packed;
}

template <typename Element>
PackedTemporalConv<Element> pack_temporal(const ConvWeights& weights, const ConvWeights& biases, int in_channels,
                                          const ConvKernels<Element>& kernels) {
  const int lanes = kernels.panel_columns / 2;
  PackedTemporalConv<Element> packed;
  int branch_channel = 0;  // the first output of the branch
  for (std::size_t branch = 0; branch < weights.size(); ++branch) {
    const int outputs = static_cast<int>(biases[branch].size());
    for (int first = 0; first < outputs; first += kernels.panel_columns) {
      const int wanted = std::min(outputs - first, kernels.panel_columns);
      const int vectors = (wanted + lanes - 1) / lanes;
      const int columns = vectors * lanes;
      // The columns of zeros are at the end, where the next branch overwrites them. Nothing overwrites them behind the
      // last branch: there they are at the beginning, and are not written.
      const int kept = branch + 1 == weights.size() ? columns - wanted : 0;
      packed.panels.push_back({static_cast<int>(branch), vectors, branch_channel + first - kept, kept});
      const auto is_output = [&](int column) { return column >= kept && column - kept < wanted; };
      for (int column = 0; column < columns; ++column) {
        packed.bias.push_back(is_output(column) ? biases[branch][to_size(first + column - kept)] : 0.0F);
      }
      for (int tap = 0; tap < kernel_size; ++tap) {
        pack_panel(packed.weights, in_channels, columns, kernels.depth_step, [&](int in, int column) {
          if (!is_output(column)) return 0.0F;
          return weights[branch][to_size(((first + column - kept) * in_channels + in) * kernel_size + tap)];
        });
      }
    }
    branch_channel += outputs;
  }
  return packed;
}

PackedDense pack_dense(std::span<const float> weights, std::span<const float> bias, int in,
                       const DenseKernels& kernels) {
  PackedDense packed{.weights = {}, .bias = {bias.begin(), bias.end()}};
  packed.weights.reserve(weights.size());
  const int out = static_cast<int>(bias.size());
  for (int first = 0; first < out; first += kernels.panel_columns) {
    pack_panel(packed.weights, in, kernels.panel_columns, 1,
               [&](int input, int column) { return weights[to_size(first + column) * to_size(in) + to_size(input)]; });
  }
  return packed;
}

template std::vector<float> pack_winograd(const ConvWeights&, const SpatialConv<float>&, const ConvKernels<float>&);
template std::vector<Bfloat16> pack_winograd(const ConvWeights&, const SpatialConv<Bfloat16>&,
                                             const ConvKernels<Bfloat16>&);
template PackedTemporalConv<float> pack_temporal(const ConvWeights&, const ConvWeights&, int,
                                                 const ConvKernels<float>&);
template PackedTemporalConv<Bfloat16> pack_temporal(const ConvWeights&, const ConvWeights&, int,
                                                    const ConvKernels<Bfloat16>&);

}  // namespace transnet::nn::cpu
