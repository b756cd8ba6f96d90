#pragma once

#include <cstddef>

#include "nn/cpu/conv_kernels.hpp"

/// The instruction set that a source is compiled for: a source of kernels names its own before it includes anything.
/// Everything that it compiles is in a namespace of that name, so that no other source can get its instructions.
#ifndef TRANSNET_INSTRUCTION_SET
#define TRANSNET_INSTRUCTION_SET any_processor
#endif

/// How a convolution is divided into tiles, and the sizes that follow.
namespace transnet::nn::cpu {
inline namespace TRANSNET_INSTRUCTION_SET {

/// Inputs of a tile along one dimension.
[[nodiscard]] constexpr int tile_inputs(int outputs) noexcept { return outputs + kernel_size - 1; }

/// Values of a transformed tile.
[[nodiscard]] constexpr int tile_positions(int tile_height) noexcept {
  return tile_inputs(tile_height) * tile_inputs(tile_width);
}

[[nodiscard]] constexpr int pixels_of(const PlaneSize& plane) noexcept { return plane.height * plane.width; }

template <typename Element>
[[nodiscard]] constexpr int out_pixels(const SpatialConv<Element>& conv) noexcept {
  return conv.out_height * conv.plane.width;
}

template <typename Element>
[[nodiscard]] constexpr int tile_rows(const SpatialConv<Element>& conv, int height) noexcept {
  return (conv.out_height + height - 1) / height;
}

template <typename Element>
[[nodiscard]] constexpr int tile_height(const SpatialConv<Element>& conv) noexcept {
  return tile_rows(conv, 3) * tile_inputs(3) < tile_rows(conv, 4) * tile_inputs(4) ? 3 : 4;
}

template <typename Element>
[[nodiscard]] constexpr int tile_columns(const SpatialConv<Element>& conv) noexcept {
  return (conv.plane.width + tile_width - 1) / tile_width;
}

/// Tiles of one frame.
template <typename Element>
[[nodiscard]] constexpr int tile_count(const SpatialConv<Element>& conv) noexcept {
  return tile_rows(conv, tile_height(conv)) * tile_columns(conv);
}

/// Columns of the matrix multiplications: weights are packed in panels of so many outputs.
template <typename Element>
[[nodiscard]] constexpr int panel_columns(const ConvKernels<Element>& kernels) noexcept {
  return 2 * kernels.vector_floats;
}

[[nodiscard]] constexpr std::size_t transformed_size(int in_channels) noexcept {
  return static_cast<std::size_t>(tile_positions(max_tile_height) * tiles_per_block) *
         static_cast<std::size_t>(in_channels);
}

[[nodiscard]] constexpr std::size_t products_size(int columns) noexcept {
  return static_cast<std::size_t>(tile_positions(max_tile_height) * tiles_per_block) *
         static_cast<std::size_t>(columns);
}

}  // namespace TRANSNET_INSTRUCTION_SET
}  // namespace transnet::nn::cpu
