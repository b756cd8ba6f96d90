// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scale/kernels.hpp"
#include "scale/lines.hpp"
#include "scale/packed_filter.hpp"
#include "scale/yuv_to_rgb.hpp"
#include "transnet/frames.hpp"

namespace transnet::scale {

/// How a Y'CbCr picture lies in memory.
struct PictureLayout {
  int width = 0;   ///< pixels
  int height = 0;  ///< pixels
  int chroma_shift_x = 1;
  int chroma_shift_y = 1;
  int bits = 8;                   ///< 8 in a byte, or 9 to 14 in two
  bool has_chroma_pairs = false;  ///< U and V alternate in the second plane

  bool operator==(const PictureLayout&) const = default;
};

/// The differences between releases of libswscale, processors, and the colours of pictures.
struct Arithmetic {
  MatrixCoefficients matrix{};
  bool is_full_range = false;
  int chroma_position_x = 128;  ///< of the first chroma sample, in 1/256 of its width
  int chroma_position_y = 128;
  int horizontal_taps_multiple = 1;
  int vertical_taps_multiple = 1;
  /// Whether the products of the intermediate picture of a large one are rounded one by one, as x86 code does.
  bool rounds_products = false;

  bool operator==(const Arithmetic&) const = default;
};

/// Scales Y'CbCr pictures of one layout to frames with the integers of libswscale: bicubic, first along the rows to
/// 15 bits, then along the columns, then to RGB. Pictures that need 256 taps or more are scaled twice. An object is for
/// one thread at a time.
class PictureScaler {
 public:
  struct Plane {
    const std::uint8_t* data = nullptr;
    std::ptrdiff_t stride = 0;  ///< bytes from a row to the next; may be negative
  };
  using Planes = std::array<Plane, 3>;  // the third is not read if the second has pairs

  PictureScaler(const PictureLayout& layout, const Arithmetic& arithmetic, const Kernels& kernels);

  /// Writes 27 rows of 48 RGB pixels.
  void scale(const Planes& planes, std::span<std::uint8_t, frame_bytes> rgb);

 private:
  /// The filters of luma or chroma.
  struct Filters {
    PackedFilter horizontal;
    PackedFilter vertical;
  };
  /// One pass over a picture: rows become columns of the filtered width.
  struct Pass {
    Pass() = default;
    Pass(const PictureLayout& picture, const PictureLayout& to, const Arithmetic& arithmetic, int vector_pixels);

    [[nodiscard]] bool needs_two_passes() const noexcept;
    void make_columns();

    PictureLayout from;
    std::array<Filters, 2> filters;  // luma, chroma
    std::array<Lines, 3> columns;    // of each plane
  };

  [[nodiscard]] static int filters_of(int plane) noexcept { return plane == 0 ? 0 : 1; }
  void filter_rows(const Planes& planes, Pass& pass);
  /// Filters the `count` rows in `rows_`, of which the first is row `y` of the plane.
  void filter_group(Pass& pass, int plane, int y, int count);
  void filter_intermediate_rows();
  void make_limited_range(Pass& pass) const;
  void filter_intermediate_columns(Pass& pass);
  void write_rgb(const Pass& pass, std::span<std::uint8_t, frame_bytes> rgb);
  void read_row(const Planes& planes, int plane, int y, int slot);

  const Kernels* kernels_;
  bool rounds_products_;
  bool has_full_chroma_;
  bool makes_limited_range_ = false;
  YuvToRgb to_rgb_;
  Pass pass_;                       // to the frame
  std::optional<Pass> first_pass_;  // to the intermediate picture of a large one
  std::array<Lines, 3> intermediate_;
  std::array<Lines, 2> rows_;  // as many as a kernel takes: of luma or U, of V
  std::array<std::vector<std::int32_t>, 3> sums_;
};

}  // namespace transnet::scale
