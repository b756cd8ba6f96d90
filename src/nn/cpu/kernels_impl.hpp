// SPDX-License-Identifier: Apache-2.0
#pragma once

// One source file per instruction set includes this file and names its set with TRANSNET_INSTRUCTION_SET. Everything
// here lies in a namespace of that name: the linker keeps one copy of an inline function or a template for the whole
// program, and that copy must not be compiled for AVX-512. For the same reason, this file calls nothing of the standard
// library. A test (`nn.kernel_symbols`) checks both.

#include <cstddef>
#include <cstdint>

#include "nn/cpu/kernel_tables.hpp"

#ifndef TRANSNET_INSTRUCTION_SET
#error "define TRANSNET_INSTRUCTION_SET as the name of the instruction set that this source is compiled for"
#endif

namespace transnet::nn::cpu::TRANSNET_INSTRUCTION_SET {

/// Sums of products in registers: `Rows` x (Vectors * lanes of Multiply).
template <typename Multiply, int Rows, int Vectors>
struct RegisterSums {
  static constexpr int lanes = Multiply::vector_floats;
  static constexpr int sum_rows = Multiply::sum_rows;
  static_assert(Rows % sum_rows == 0);
  typename Multiply::Sum sum[std::size_t{Rows / sum_rows}][std::size_t{Vectors}] = {};

  /// Adds a[row, k] * b[k, column] over k. Rows of `a` are `a_stride` apart, rows of `b` one panel.
  __attribute__((always_inline)) void add_product(const typename Multiply::Element* a, std::size_t a_stride,
                                                  const typename Multiply::Element* b, int depth) {
    constexpr int prefetch_distance = 1024;  // elements
    constexpr int step = Multiply::depth_step;
    for (int k = 0; k < depth; k += step) {
      typename Multiply::Columns loaded[std::size_t{Vectors}];
      for (int v = 0; v < Vectors; ++v) loaded[v] = Multiply::load_columns(b + (k * Vectors + v * step) * lanes);
      // Weights are read from end to end and are larger than the caches near the core.
      for (int v = 0; v < Vectors; ++v) __builtin_prefetch(b + (k * Vectors + v * step) * lanes + prefetch_distance);
#pragma GCC unroll 12
      for (int row = 0; row < Rows; row += sum_rows) {
        const auto* value = a + static_cast<std::size_t>(row) * a_stride + static_cast<std::size_t>(k);
        auto& sums = sum[row / sum_rows];
        for (int v = 0; v < Vectors; ++v) sums[v] = Multiply::multiply_add(sums[v], value, a_stride, loaded[v]);
      }
    }
  }

  /// Ends the additions, before the first `at`.
  __attribute__((always_inline)) void finish() {}

  [[nodiscard]] __attribute__((always_inline)) typename Multiply::Vec at(int row, int v) const {
    return Multiply::row_of(sum[row / sum_rows][v], row % sum_rows);
  }

  __attribute__((always_inline)) void store(float* out, std::size_t stride) {
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row) {
      for (int v = 0; v < Vectors; ++v) {
        *reinterpret_cast<typename Multiply::Vec*>(out + static_cast<std::size_t>(row) * stride + v * lanes) =
            at(row, v);
      }
    }
  }
};

/// An arithmetic on registers needs no preparation.
struct NoPreparation {
  explicit NoPreparation(int /*depth*/) {}
};

/// Multiplication in single precision, `Lanes` floats at once, with `RegisterRows` rows of sums, the most that the
/// registers hold.
template <int Lanes, int RegisterRows>
struct SinglePrecision {
  using Element = float;
  typedef float Vec
      __attribute__((vector_size(static_cast<std::size_t>(Lanes) * sizeof(float)), aligned(sizeof(float)), may_alias));
  using Columns = Vec;
  using Sum = Vec;  ///< sums of `sum_rows` rows for the columns of one vector
  using Single = SinglePrecision;
  using Preparation = NoPreparation;  ///< what the kernels hold while they multiply `depth` channels

  static constexpr int vector_floats = Lanes;
  static constexpr int rows = RegisterRows;
  static constexpr int sum_rows = 1;
  static constexpr int depth_step = 1;
  template <int Vectors>
  using Sums = RegisterSums<SinglePrecision, rows, Vectors>;

  static Columns load_columns(const float* from) { return *reinterpret_cast<const Vec*>(from); }
  /// `value` is the first row's; the other rows of a sum lie `stride` apart.
  static Sum multiply_add(Sum sum, const float* value, std::size_t /*stride*/, Columns columns) {
    return sum + (*value - Vec{}) * columns;
  }
  static Vec row_of(Sum sum, int /*row*/) { return sum; }
  static void store_elements(float* to, Vec value) { *reinterpret_cast<Vec*>(to) = value; }
};

/// The kernels for one arithmetic.
template <typename Arithmetic>
struct Kernels {
  using Element = typename Arithmetic::Element;
  using Vec = typename Arithmetic::Vec;
  using Single = typename Arithmetic::Single;
  using SingleSums = RegisterSums<Single, Arithmetic::rows, 2>;

  static constexpr int lanes = Arithmetic::vector_floats;
  static constexpr int rows = Arithmetic::rows;
  static constexpr int depth_step = Arithmetic::depth_step;
  static constexpr int panel = 2 * lanes;
  static_assert(plane_rows % rows == 0 && tiles_per_block % rows == 0);

  static Vec load(const float* from) { return *reinterpret_cast<const Vec*>(from); }
  static void store(float* to, Vec value) { *reinterpret_cast<Vec*>(to) = value; }
  static Vec relu(Vec value) { return value > Vec{} ? value : Vec{}; }

  // ---- Finished sums to memory.

  template <typename Sums>
  __attribute__((always_inline)) static void store_elements(const Sums& sums, Element* out, std::size_t stride) {
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      for (int v = 0; v < 2; ++v) {
        Arithmetic::store_elements(out + static_cast<std::size_t>(row) * stride + v * lanes, sums.at(row, v));
      }
    }
  }

  template <int Vectors, typename Sums>
  __attribute__((always_inline)) static void store_with_bias(const Sums& sums, const float* bias, float* out,
                                                             std::size_t stride) {
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      for (int v = 0; v < Vectors; ++v) {
        store(out + static_cast<std::size_t>(row) * stride + v * lanes, sums.at(row, v) + load(bias + v * lanes));
      }
    }
  }

  template <int Vectors, typename Sums>
  __attribute__((always_inline)) static void store_with_bias_and_relu(const Sums& sums, const float* bias, float* out,
                                                                      std::size_t stride) {
#pragma GCC unroll 12
    for (int row = 0; row < rows; ++row) {
      for (int v = 0; v < Vectors; ++v) {
        store(out + static_cast<std::size_t>(row) * stride + v * lanes, relu(sums.at(row, v) + load(bias + v * lanes)));
      }
    }
  }

  /// Leaves the first `kept` columns as they are.
  template <int Vectors, typename Sums>
  __attribute__((always_inline)) static void store_with_bias_and_relu_after(const Sums& sums, int kept,
                                                                            const float* bias, float* out,
                                                                            std::size_t stride) {
    Vec column = {};
    for (int lane = 0; lane < lanes; ++lane) column[lane] = static_cast<float>(lane);
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      const Vec first = static_cast<float>(kept - v * lanes) - Vec{};
#pragma GCC unroll 12
      for (int row = 0; row < rows; ++row) {
        float* to = out + static_cast<std::size_t>(row) * stride + v * lanes;
        store(to, column < first ? load(to) : relu(sums.at(row, v) + load(bias + v * lanes)));
      }
    }
  }

  // ---- 3x3 convolution of the first layer: with 3 channels, the transform gains nothing.

  static void first_conv(const SpatialConv<float>& conv, const std::uint8_t* frame, Element* const* out) {
    constexpr int height = 27, width = 48, channels = 3, padded_width = width + 2;
    float padded[(height + 2) * padded_width * channels] = {};
    for (int y = 0; y < height; ++y) {
      float* row = padded + ((y + 1) * padded_width + 1) * channels;
      for (int i = 0; i < width * channels; ++i) row[i] = static_cast<float>(frame[y * width * channels + i]);
    }
    constexpr int taps_per_row = 3 * channels;  // three neighbours lie side by side
    const int panels = conv.groups * conv.group_channels / panel;
    for (int p = 0; p < panels; ++p) {
      Element* group = out[p * panel / conv.group_channels] + p * panel % conv.group_channels;
      const float* weights = conv.weights + static_cast<std::size_t>(p) * 3 * taps_per_row * panel;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; x += rows) {
          SingleSums sums;
          for (int dy = 0; dy < 3; ++dy) {
            sums.add_product(padded + ((y + dy) * padded_width + x) * channels, channels,
                             weights + dy * taps_per_row * panel, taps_per_row);
          }
          store_elements(
              sums, group + static_cast<std::size_t>(y * width + x) * static_cast<std::size_t>(conv.group_channels),
              static_cast<std::size_t>(conv.group_channels));
        }
      }
    }
  }

  // ---- 3x3 convolution by Winograd's transform: F(4, 3) along a row, points 0, 1, -1, 2, -2 and infinity; down a
  // column F(4, 3) or F(3, 3), points 0, 1, -1, 2 and infinity.

  // The transforms read lines of values that fit into registers and write them where the next step reads them: vectors
  // in memory cost more time than the arithmetic on them.

  /// One dimension of the input transform: to `Outputs` + 2 values, `stride` apart.
  template <int Outputs>
  __attribute__((always_inline)) static void transform_input(const Vec* in, Vec* out, int stride) {
    static_assert(Outputs == 3 || Outputs == 4);
    const Vec d0 = in[0], d1 = in[1], d2 = in[2], d3 = in[3], d4 = in[4];
    if constexpr (Outputs == 3) {
      out[0] = 2.0F * (d0 - d2) - d1 + d3;
      out[stride] = d3 - d2 - 2.0F * d1;
      out[2 * stride] = 2.0F * d1 - 3.0F * d2 + d3;
      out[3 * stride] = d3 - d1;
      out[4 * stride] = 2.0F * (d1 - d3) - d2 + d4;
    } else {
      const Vec d5 = in[5];
      const Vec even = d4 - 4.0F * d2, odd = d3 - 4.0F * d1;
      const Vec even2 = d4 - d2, odd2 = 2.0F * (d3 - d1);
      out[0] = 4.0F * d0 - 5.0F * d2 + d4;
      out[stride] = even + odd;
      out[2 * stride] = even - odd;
      out[3 * stride] = even2 + odd2;
      out[4 * stride] = even2 - odd2;
      out[5 * stride] = 4.0F * d1 - 5.0F * d3 + d5;
    }
  }

  /// One dimension of the output transform: from `Outputs` + 2 values to `Outputs` values, `stride` apart.
  template <int Outputs>
  __attribute__((always_inline)) static void transform_output(const Vec* in, Vec* out, int stride) {
    const Vec sum1 = in[1] + in[2], difference1 = in[1] - in[2];
    if constexpr (Outputs == 3) {
      const Vec at2 = in[3];
      out[0] = in[0] + sum1 + at2;
      out[stride] = difference1 + 2.0F * at2;
      out[2 * stride] = sum1 + 4.0F * at2 + in[4];
    } else {
      const Vec sum2 = in[3] + in[4], difference2 = in[3] - in[4];
      out[0] = in[0] + sum1 + sum2;
      out[stride] = difference1 + 2.0F * difference2;
      out[2 * stride] = sum1 + 4.0F * sum2;
      out[3 * stride] = difference1 + 8.0F * difference2 + in[5];
    }
  }

  static constexpr int columns = tile_inputs<tile_width>;

  /// The place of a tile: its frame and the pixel of its first output.
  struct Tile {
    int frame, y, x;
    Tile(const SpatialConv<Element>& conv, int index)
        : frame(index / conv.grid.tiles),
          y(index % conv.grid.tiles / conv.grid.columns * conv.grid.tile_height),
          x(index % conv.grid.tiles % conv.grid.columns * tile_width) {}
  };

  static constexpr float zeros[std::size_t{lanes}] = {};  ///< a pixel outside the plane

  /// [positions][tiles_per_block][in_channels]
  template <int TileHeight>
  static void transform_tile_input(const SpatialConv<Element>& conv, const float* frame, const Tile& tile,
                                   Element* transformed) {
    constexpr int inputs = tile_inputs<TileHeight>;
    const PlaneSize& plane = conv.plane;
    const auto channels = static_cast<std::size_t>(conv.in_channels);
    const std::size_t position_stride = tiles_per_block * channels;
    for (int channel = 0; channel < conv.in_channels; channel += lanes) {
      Vec values[std::size_t{inputs * columns}];
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) {
        const int x = tile.x + j - 1;
        Vec column[std::size_t{inputs}];
#pragma GCC unroll 6
        for (int i = 0; i < inputs; ++i) {
          const int y = tile.y + i - 1;
          const bool is_inside = y >= 0 && y < plane.height && x >= 0 && x < plane.width;
          const auto pixel = static_cast<std::size_t>(y * plane.width + x);
          column[i] = load(is_inside ? frame + pixel * channels + channel : zeros);
        }
        transform_input<TileHeight>(column, values + j, columns);
      }
#pragma GCC unroll 6
      for (int i = 0; i < inputs; ++i) {
        Vec row[std::size_t{columns}];
        transform_input<tile_width>(values + i * columns, row, 1);
#pragma GCC unroll 6
        for (int j = 0; j < columns; ++j) {
          Arithmetic::store_elements(
              transformed + static_cast<std::size_t>(i * columns + j) * position_stride + channel, row[j]);
        }
      }
    }
  }

  /// From [positions][tiles_per_block][panel].
  template <int TileHeight>
  static void transform_tile_output(const SpatialConv<Element>& conv, const Tile& tile, const float* products,
                                    Element* frame) {
    constexpr int inputs = tile_inputs<TileHeight>;
    constexpr int position_stride = tiles_per_block * panel;
    const PlaneSize& plane = conv.plane;
    for (int channel = 0; channel < panel; channel += lanes) {
      Vec values[std::size_t{TileHeight * columns}];
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) {
        Vec column[std::size_t{inputs}];
#pragma GCC unroll 6
        for (int i = 0; i < inputs; ++i) column[i] = load(products + (i * columns + j) * position_stride + channel);
        transform_output<TileHeight>(column, values + j, columns);
      }
#pragma GCC unroll 4
      for (int i = 0; i < TileHeight; ++i) {
        if (tile.y + i >= conv.out_height) break;
        Vec row[std::size_t{tile_width}];
        transform_output<tile_width>(values + i * columns, row, 1);
#pragma GCC unroll 4
        for (int j = 0; j < tile_width; ++j) {
          if (tile.x + j >= plane.width) break;
          const auto pixel = static_cast<std::size_t>((tile.y + i) * plane.width + tile.x + j);
          Arithmetic::store_elements(frame + pixel * static_cast<std::size_t>(conv.group_channels) + channel, row[j]);
        }
      }
    }
  }

  template <int TileHeight>
  static void winograd_tiles(const SpatialConv<Element>& conv, const float* const* in_frames,
                             Element* const* const* out_frames, int first_tile, int tile_count, Element* transformed,
                             float* products) {
    const auto channels = static_cast<std::size_t>(conv.in_channels);
    for (int t = 0; t < tile_count; ++t) {
      const Tile tile(conv, first_tile + t);
      transform_tile_input<TileHeight>(conv, in_frames[tile.frame], tile,
                                       transformed + static_cast<std::size_t>(t) * channels);
    }
    [[maybe_unused]] const typename Arithmetic::Preparation preparation(conv.in_channels);
    const int panels = conv.groups * conv.group_channels / panel;
    const Element* weights = conv.weights;  // [panel][position][in_channels][columns], read once from end to end
    for (int p = 0; p < panels; ++p) {
      for (int position = 0; position < tile_positions<TileHeight>; ++position, weights += channels * panel) {
        // The last block of a batch may have rows without a tile: they are multiplied but never read.
        for (int t = 0; t < tile_count; t += rows) {
          const auto row = static_cast<std::size_t>(position * tiles_per_block + t);
          typename Arithmetic::template Sums<2> sums;
          sums.add_product(transformed + row * channels, channels, weights, conv.in_channels);
          sums.store(products + row * panel, panel);
        }
      }
      const int group = p * panel / conv.group_channels;
      for (int t = 0; t < tile_count; ++t) {
        const Tile tile(conv, first_tile + t);
        transform_tile_output<TileHeight>(conv, tile, products + t * panel,
                                          out_frames[group][tile.frame] + p * panel % conv.group_channels);
      }
    }
  }

  static void winograd(const SpatialConv<Element>& conv, const float* const* in_frames,
                       Element* const* const* out_frames, int first_tile, int tile_count, Element* transformed,
                       float* products) {
    const auto run = conv.grid.tile_height == 3 ? &winograd_tiles<3> : &winograd_tiles<4>;
    run(conv, in_frames, out_frames, first_tile, tile_count, transformed, products);
  }

  // ---- Convolution over time.

  /// The rows of a block lie too far apart for the processor to load them ahead by itself.
  static void prefetch_rows(const Element* from, std::size_t stride, int count) {
    constexpr int line_bytes = 64;
    for (int row = 0; row < rows; ++row) {
      for (int i = 0; i < count; i += line_bytes / static_cast<int>(sizeof(Element))) {
        __builtin_prefetch(from + static_cast<std::size_t>(row) * stride + i);
      }
    }
  }

  /// Weights [tap][in_channels][columns].
  template <int Vectors>
  static void temporal_panel(const TemporalConv<Element>& conv, const TemporalPanel& part, const Element* weights,
                             const float* bias, const Element* const* in_frames, float* out) {
    constexpr int width = Vectors * lanes;
    const auto depth = static_cast<std::size_t>(conv.in_channels);
    const auto in_stride = static_cast<std::size_t>(conv.in_stride);
    const auto out_stride = static_cast<std::size_t>(conv.out_channels);
    for (int pixel = 0; pixel < conv.pixels; pixel += rows) {
      typename Arithmetic::template Sums<Vectors> sums;
      for (int tap = 0; tap < 3; ++tap) {
        const Element* frame = in_frames[part.branch * 3 + tap];
        if (frame == nullptr) continue;
        prefetch_rows(frame + static_cast<std::size_t>(pixel + rows) * in_stride, in_stride, conv.in_channels);
        sums.add_product(frame + static_cast<std::size_t>(pixel) * in_stride, in_stride,
                         weights + static_cast<std::size_t>(tap) * depth * width, conv.in_channels);
      }
      sums.finish();
      float* to = out + static_cast<std::size_t>(pixel) * out_stride + part.channel;
      if (part.kept == 0) {
        store_with_bias_and_relu<Vectors>(sums, bias, to, out_stride);
      } else {
        store_with_bias_and_relu_after<Vectors>(sums, part.kept, bias, to, out_stride);
      }
    }
  }

  static void temporal(const TemporalConv<Element>& conv, const Element* const* in_frames, float* out) {
    [[maybe_unused]] const typename Arithmetic::Preparation preparation(conv.in_channels);
    const Element* weights = conv.weights;
    const float* bias = conv.bias;
    for (int index = 0; index < conv.panel_count; ++index) {
      const TemporalPanel& part = conv.panels[index];
      if (part.vectors == 2) {
        temporal_panel<2>(conv, part, weights, bias, in_frames, out);
      } else {
        temporal_panel<1>(conv, part, weights, bias, in_frames, out);
      }
      const auto width = static_cast<std::size_t>(part.vectors * lanes);
      weights += 3 * static_cast<std::size_t>(conv.in_channels) * width;
      bias += width;
    }
  }

  // ---- Between the blocks.

  static void add_and_pool(const PlaneSize& plane, int channels, const float* features, const float* shortcut,
                           float* pooled, float* mean) {
    const int out_height = plane.height / 2, out_width = plane.width / 2;
    const auto right = static_cast<std::size_t>(channels);
    const auto row = static_cast<std::size_t>(plane.width) * right;
    for (int channel = 0; channel < channels; channel += lanes) store(mean + channel, Vec{});
    for (int y = 0; y < out_height; ++y) {
      for (int x = 0; x < out_width; ++x) {
        const std::size_t top = static_cast<std::size_t>(2 * y) * row + static_cast<std::size_t>(2 * x) * right;
        float* const out = pooled + static_cast<std::size_t>(y * out_width + x) * right;
        for (int channel = 0; channel < channels; channel += lanes) {
          Vec sum = {};
          const std::size_t corners[] = {top, top + right, top + row, top + row + right};
          for (const std::size_t corner : corners) {
            sum += load(features + corner + channel) + load(shortcut + corner + channel);
          }
          sum *= 0.25F;
          store(out + channel, sum);
          store(mean + channel, load(mean + channel) + sum);
        }
      }
    }
    const auto pixels = static_cast<float>(out_height * out_width);
    for (int channel = 0; channel < channels; channel += lanes) store(mean + channel, load(mean + channel) / pixels);
  }

  // ---- Fully connected layers.

  static void dense(const DenseLayer& layer, int panel_index, const float* input, int row_count, float* output) {
    const auto depth = static_cast<std::size_t>(layer.in);
    const auto stride = static_cast<std::size_t>(layer.out);
    const int column = panel_index * panel;
    const float* weights = layer.weights + static_cast<std::size_t>(column) * depth;
    for (int row = 0; row < row_count; row += rows) {
      SingleSums sums;
      sums.add_product(input + static_cast<std::size_t>(row) * depth, depth, weights, layer.in);
      float* out = output + static_cast<std::size_t>(row) * stride + column;
      if (layer.has_relu) {
        store_with_bias_and_relu<2>(sums, layer.bias + column, out, stride);
      } else {
        store_with_bias<2>(sums, layer.bias + column, out, stride);
      }
    }
  }

  static float dot(const float* left, const float* right, int count) {
    constexpr int vectors = 4;  // sums that do not wait for each other
    Vec sums[std::size_t{vectors}] = {};
    int i = 0;
    for (; i + vectors * lanes <= count; i += vectors * lanes) {
      for (int v = 0; v < vectors; ++v) sums[v] += load(left + i + v * lanes) * load(right + i + v * lanes);
    }
    const Vec total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float sum = 0.0F;
    for (int lane = 0; lane < lanes; ++lane) sum += total[lane];
    for (; i < count; ++i) sum += left[i] * right[i];
    return sum;
  }

  static constexpr DenseKernels dense_table() { return {panel, &dense, &dot}; }

  static constexpr ConvKernels<Element> conv_table() {
    return {panel, depth_step, &first_conv, &winograd, &temporal, &add_and_pool};
  }
};

}  // namespace transnet::nn::cpu::TRANSNET_INSTRUCTION_SET
