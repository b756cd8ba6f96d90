// SPDX-License-Identifier: Apache-2.0
#define TRANSNET_INSTRUCTION_SET amx_bf16
#include "nn/cpu/bfloat16_pairs.hpp"

namespace transnet::nn::cpu {
namespace amx_bf16 {

/// Products of matrices in the processor's tile registers: one instruction multiplies 12 rows of 32 bfloat16 numbers by
/// 16 columns, which lie in memory as `PairsOfBfloat16` has them, and adds to sums in float. The eight tile registers
/// hold two times two tiles of sums, and the factors.
struct TilesOfBfloat16 : PairsOfBfloat16 {
  static constexpr int tile_rows = 12;
  static constexpr int rows = 2 * tile_rows;

  /// The channels that one instruction multiplies; `depth` is a whole number of them.
  static constexpr int tile_depth(int depth) { return depth % 32 == 0 ? 32 : 16; }

  /// The shapes of the tiles for rows of `depth` channels.
  class Preparation {
   public:
    explicit Preparation(int depth) {
      struct alignas(64) {
        std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
        std::uint16_t row_bytes[16] = {};
        std::uint8_t rows[16] = {};
      } shapes;
      for (int tile = 0; tile < 8; ++tile) {
        const bool is_left = tile == 4 || tile == 5, is_right = tile == 6 || tile == 7;
        shapes.row_bytes[tile] = static_cast<std::uint16_t>(is_left ? tile_depth(depth) * 2 : 64);
        shapes.rows[tile] = static_cast<std::uint8_t>(is_right ? tile_depth(depth) / 2 : tile_rows);
      }
      asm volatile("" : : "r"(&shapes) : "memory");  // GCC's intrinsic does not say that it reads all of it
      _tile_loadconfig(&shapes);
    }
    ~Preparation() { _tile_release(); }
    Preparation(const Preparation&) = delete;
    Preparation& operator=(const Preparation&) = delete;
  };

  /// As `RegisterSums`. There is one object at a time, because all of them use the same tiles: 0 and 1 for the upper
  /// rows, 2 and 3 for the lower ones.
  template <int Vectors>
  class Sums {
   public:
    __attribute__((always_inline)) Sums() {
      _tile_zero(0);
      _tile_zero(2);
      if constexpr (Vectors == 2) {
        _tile_zero(1);
        _tile_zero(3);
      }
    }

    __attribute__((always_inline)) void add_product(const Bfloat16* a, std::size_t a_stride, const Bfloat16* b,
                                                    int depth) {
      constexpr std::size_t b_row_bytes = std::size_t{Vectors} * 64;
      const std::size_t a_row_bytes = a_stride * sizeof(Bfloat16);
      const int step = tile_depth(depth);
      asm volatile("" : : : "memory");  // GCC's intrinsics do not say that they read memory
      for (int k = 0; k < depth; k += step) {
        const Bfloat16* columns = b + k * Vectors * vector_floats;
        _tile_loadd(6, columns, b_row_bytes);
        _tile_loadd(4, a + k, a_row_bytes);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(5, a + tile_rows * a_stride + k, a_row_bytes);
        _tile_dpbf16ps(2, 5, 6);
        if constexpr (Vectors == 2) {
          _tile_loadd(7, columns + 32, b_row_bytes);
          _tile_dpbf16ps(1, 4, 7);
          _tile_dpbf16ps(3, 5, 7);
        }
      }
    }

    __attribute__((always_inline)) void finish() { store(finished_, std::size_t{Vectors} * vector_floats); }

    [[nodiscard]] __attribute__((always_inline)) Vec at(int row, int v) const {
      return *reinterpret_cast<const Vec*>(finished_ + (row * Vectors + v) * vector_floats);
    }

    __attribute__((always_inline)) void store(float* out, std::size_t stride) {
      const std::size_t row_bytes = stride * sizeof(float);
      float* lower = out + tile_rows * stride;
      _tile_stored(0, out, row_bytes);
      _tile_stored(2, lower, row_bytes);
      if constexpr (Vectors == 2) {
        _tile_stored(1, out + vector_floats, row_bytes);
        _tile_stored(3, lower + vector_floats, row_bytes);
      }
    }

   private:
    alignas(64) float finished_[std::size_t{rows} * Vectors * vector_floats];
  };
};

/// Only the products of convolutions are worth tiles.
constexpr ConvKernels<Bfloat16> conv_table() {
  using Tiles = Kernels<TilesOfBfloat16>;
  auto table = Kernels<PairsOfBfloat16>::conv_table();
  table.winograd = &Tiles::winograd;
  table.temporal = &Tiles::temporal;
  return table;
}

}  // namespace amx_bf16

constinit const ConvKernels<Bfloat16> amx_bf16_kernels = amx_bf16::conv_table();

}  // namespace transnet::nn::cpu
