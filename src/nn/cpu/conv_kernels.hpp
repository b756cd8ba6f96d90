// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The convolutions of the network on a CPU. Arrays have their channels last. The kernels are plain functions on
/// pointers, because they are compiled once per instruction set; `backbone.cpp` is their only caller and owns the
/// memory.
///
/// `Element` is the type of the factors: float, or Bfloat16 if the processor multiplies pairs of them. Sums and the
/// values between layers are float in both cases.
///
/// The kernels' sources include this header, each with the options of its instruction set. So it holds only data: the
/// linker keeps one copy of an inline function, which may be the copy of a newer instruction set.
namespace transnet::nn::cpu {

/// The upper half of a float.
struct Bfloat16 {
  std::uint16_t bits;
};

/// Rows of one register block of a fully connected layer: the caller rounds up to them.
inline constexpr int block_rows = 12;

/// Every plane of the network (27x48, 13x24, 6x12) is a whole number of so many pixels, which convolutions multiply
/// together at most.
inline constexpr int plane_rows = 24;

/// Winograd's F(4x4, 3x3): 36 products give 16 outputs of a 3x3 convolution, which needs 144 without the transform.
/// F(3x4, 3x3), with 30 products for 12 outputs, is cheaper if tiles of four rows would reach too far below the plane.
/// Source: Lavin, Gray: "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.
inline constexpr int tile_width = 4;
inline constexpr int max_tile_height = 4;
inline constexpr int kernel_size = 3;
template <int Outputs>
inline constexpr int tile_inputs = Outputs + kernel_size - 1;
template <int TileHeight>
inline constexpr int tile_positions = tile_inputs<TileHeight>* tile_inputs<tile_width>;

/// Number of tiles that are transformed and multiplied together; their working set stays in the second-level cache.
inline constexpr int tiles_per_block = 24;

/// The most 3x3 convolutions that a layer has side by side. They read the same input, and each writes its own tensor.
inline constexpr int most_groups = 5;

/// The most convolutions over time that a layer has.
inline constexpr int most_branches = 5;

/// Height and width of a layer's input or output, in pixels. Each pixel has channels.
struct PlaneSize {
  int height = 0;
  int width = 0;
};

/// The tiles of a frame, row by row; the last tiles of a row and of a column may reach beyond the plane.
struct TileGrid {
  int tile_height = 0;     ///< 3 or 4
  int tile_positions = 0;  ///< products of an output channel of a tile for each input channel
  int columns = 0;
  int tiles = 0;
};

/// Tiles over the upper `out_height` rows; it chooses the tile height that needs fewer multiplications.
[[nodiscard]] TileGrid tile_grid(const PlaneSize& plane, int out_height) noexcept;

/// 3x3 convolutions inside every frame, all groups at once. A group's outputs are a whole number of panels.
template <typename Element>
struct SpatialConv {
  PlaneSize plane;
  int out_height = 0;  ///< number of rows to compute, from the top
  TileGrid grid;       ///< grid of `plane` and `out_height`; `first_conv` needs none
  int in_channels = 0;
  int groups = 0;
  int group_channels = 0;            ///< outputs of one group
  const Element* weights = nullptr;  ///< packed, see `packed_weights.hpp`
};

/// Neighbouring outputs of one branch, which are computed together. A branch need not be a whole number of vectors: its
/// last panel then has columns of zeros. They are written too, and the panels after it overwrite them.
struct TemporalPanel {
  int branch = 0;
  int vectors = 0;  ///< 1 or 2: its columns
  int channel = 0;  ///< the output channel of its first column
  int kept = 0;     ///< number of columns at its beginning that it must not write, because earlier panels have them
};

/// Convolutions over three frames, one per branch, with bias and ReLU. The branches' outputs lie side by side.
template <typename Element>
struct TemporalConv {
  int pixels = 0;
  int in_channels = 0;   ///< of one branch
  int in_stride = 0;     ///< elements from pixel to pixel of its input
  int out_channels = 0;  ///< of all branches
  int panel_count = 0;
  const TemporalPanel* panels = nullptr;
  const Element* weights = nullptr;  ///< packed, see `packed_weights.hpp`
  const float* bias = nullptr;       ///< one per column of every panel
};

/// The functions of one instruction set. Each does one piece of work on one thread; pieces are independent.
template <typename Element>
struct ConvKernels {
  int panel_columns = 0;  ///< outputs of one panel; weights are packed in panels
  int depth_step = 1;  ///< input channels that one instruction multiplies; they lie side by side in the packed weights

  /// The first layer, from uint8 [27, 48, 3]: one frame to groups [pixels, group_channels]. It multiplies
  /// floats: with nine products per sum, bfloat16 gains nothing.
  void (*first_conv)(const SpatialConv<float>&, const std::uint8_t* frame, Element* const* out) = nullptr;

  /// A block of tiles. `in_frames` and `out_frames[group]` hold one pointer per frame; tile numbers count through all
  /// frames. `transformed` and `products` are scratch: [tile_positions][tiles_per_block] of
  /// `in_channels` and of `panel_columns` values.
  void (*winograd)(const SpatialConv<Element>&, const float* const* in_frames, Element* const* const* out_frames,
                   int first_tile, int tile_count, Element* transformed, float* products) = nullptr;

  /// One frame. `in_frames[branch * 3 + tap]` is the frame that a tap reads, null if it is outside the window.
  void (*temporal)(const TemporalConv<Element>&, const Element* const* in_frames, float* out) = nullptr;

  /// One frame: 2x2 average of `features` + `shortcut` (odd rows and columns at the end are left out), and its mean
  /// over all pixels.
  void (*add_and_pool)(const PlaneSize&, int channels, const float* features, const float* shortcut, float* pooled,
                       float* mean) = nullptr;
};

}  // namespace transnet::nn::cpu
