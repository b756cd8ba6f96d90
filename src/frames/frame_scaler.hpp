// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/frames.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Layout of the pixels of a picture in memory, 8 bits a value.
enum class PixelLayout {
  rgb24,  ///< R G B
  bgr24,  ///< B G R
  rgba,   ///< R G B A; the alpha is ignored
  nv12,   ///< a plane of Y, and a plane of Cb Cr with a pair for every 2x2 pixels
  i420,   ///< planes of Y, Cb and Cr, the last two with a value for every 2x2 pixels
};

/// Colour matrix of Y, Cb and Cr.
enum class ColorMatrix { bt601, bt709, bt2020 };

/// A picture in memory of the caller.
struct PictureView {
  PixelLayout layout = PixelLayout::rgb24;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::array<const std::uint8_t*, 3> planes{};  ///< the top row of each plane that the layout has
  /// Bytes from a row of the plane to the row below; negative if the rows are bottom-up in memory.
  std::array<std::ptrdiff_t, 3> strides{};
  ColorMatrix matrix = ColorMatrix::bt601;  ///< for nv12 and i420
  bool is_full_range = false;  ///< for nv12 and i420: values from 0 to 255 instead of Y 16 to 235 and Cb, Cr 16 to 240
};

/// The limit of a picture's width and height.
inline constexpr std::int64_t max_picture_side = 16384;

/// @throws Error(bad_shape) that names a size below 1, a missing plane or a stride shorter than a row;
/// Error(limit_exceeded) for a side of more than `max_picture_side`.
void validate(const PictureView& picture);

/// Scales pictures of any size to frames for the network, 48 x 27 pixels of RGB24, with libswscale's bicubic filter in
/// its exact arithmetic (`accurate_rnd`, `full_chroma_int`). A `FrameDecoder` uses the quick arithmetic, whose colours
/// are up to two steps darker. All arithmetic is in integers, so that every processor gives the same bytes. A picture
/// of 48 x 27 in RGB does not change.
///
/// A scaler keeps its tables and its memory for the next picture. It belongs to one thread at a time.
class FrameScaler {
 public:
  /// @throws Error as `validate`; then `frame` does not change.
  void scale(const PictureView& picture, std::span<std::uint8_t, frame_bytes> frame);

 private:
  /// One axis: each pixel of the result is a weighted sum of source pixels.
  class Axis {
   public:
    struct Taps {
      std::size_t first = 0;                  // pixel
      std::span<const std::int16_t> weights;  // of this pixel and the next ones
    };
    void fit(std::int64_t source, std::int64_t target);
    [[nodiscard]] Taps operator[](std::size_t target) const;

   private:
    struct Range {
      std::size_t first = 0;
      std::size_t first_weight = 0;
      std::size_t count = 0;
    };

    std::int64_t source_ = 0;
    std::vector<Range> ranges_;          // one for each pixel of the result
    std::vector<std::int16_t> weights_;  // of all pixels
  };
  struct Axes {
    Axis across;
    Axis down;
  };
  struct Plane {
    const std::uint8_t* rows;
    std::ptrdiff_t stride;
    std::int64_t width;
    std::int64_t height;
    std::size_t pixel_bytes;
  };
  /// One channel of all pixels of the result.
  using Values = std::array<std::int32_t, static_cast<std::size_t>(frame_width* frame_height)>;

  void sum_down(const Plane& plane, const Axis& down);
  void sum_across(const Plane& plane, const Axis& across, std::size_t channel, Values& values) const;
  void scale_plane(const Plane& plane, Axes& axes, std::initializer_list<std::size_t> channels, Values* values);

  Axes full_;                       // of R, G, B and Y
  Axes half_;                       // of Cb and Cr
  std::vector<std::int32_t> sums_;  // of the current plane: as wide as the picture, as high as the result
  std::array<Values, 3> channels_{};
};

}  // namespace transnet::inline TRANSNET_ABI
