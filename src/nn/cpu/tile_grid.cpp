// SPDX-License-Identifier: Apache-2.0
#include "nn/cpu/conv_kernels.hpp"

namespace transnet::nn::cpu {
namespace {

int tiles_over(int pixels, int tile_size) { return (pixels + tile_size - 1) / tile_size; }

}  // namespace

TileGrid tile_grid(const PlaneSize& plane, int out_height) noexcept {
  const int columns = tiles_over(plane.width, tile_width);
  const int rows_of_3 = tiles_over(out_height, 3), rows_of_4 = tiles_over(out_height, 4);
  if (rows_of_3 * tile_inputs<3> < rows_of_4 * tile_inputs<4>)
    return {3, tile_positions<3>, columns, rows_of_3 * columns};
  return {4, tile_positions<4>, columns, rows_of_4 * columns};
}

}  // namespace transnet::nn::cpu
