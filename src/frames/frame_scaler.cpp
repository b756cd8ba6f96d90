// SPDX-License-Identifier: Apache-2.0
#include "frames/frame_scaler.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "base/counted.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

// Weights have 14 bits behind the point. A value has 7 of them between the two passes and behind the second one.
constexpr int weight_bits = 14;
constexpr int value_bits = 7;

/// Rounds to the nearest.
template <typename Number>
constexpr Number shifted_right(Number value, int bits) {
  return (value + (Number{1} << (bits - 1))) >> bits;
}

/// The cubic filter of libswscale, ten times (Keys with a = -0.6), for a distance from 0 to 2 with 16 bits behind the
/// point; the result has 48.
constexpr std::int64_t cubic(std::int64_t distance) {
  constexpr std::int64_t one = std::int64_t{1} << 16;
  const std::int64_t square = distance * distance;
  if (distance < one) return 14 * square * distance - 24 * square * one + 10 * one * one * one;
  if (distance < 2 * one)
    return -6 * square * distance + 30 * square * one - 48 * distance * one * one + 24 * one * one * one;
  return 0;
}

/// R, G, B from Y, Cb, Cr, with 16 bits behind the point.
struct ColorCoefficients {
  std::int64_t luma;
  std::int64_t red_of_cr;
  std::int64_t green_of_cb;
  std::int64_t green_of_cr;
  std::int64_t blue_of_cb;
  std::int64_t black;  // Y of it
};

ColorCoefficients coefficients_of(ColorMatrix matrix, bool is_full_range) {
  struct Weights {
    double red;
    double blue;
  };
  constexpr auto weights_of = [](ColorMatrix of) -> Weights {
    switch (of) {
      case ColorMatrix::bt709: return {0.2126, 0.0722};
      case ColorMatrix::bt2020: return {0.2627, 0.0593};
      case ColorMatrix::bt601: break;
    }
    return {0.299, 0.114};
  };
  const auto [red, blue] = weights_of(matrix);
  const double green = 1.0 - red - blue;
  const double luma_scale = is_full_range ? 1.0 : 255.0 / 219.0;
  const double chroma_scale = is_full_range ? 2.0 : 2.0 * 255.0 / 224.0;
  const auto fixed = [](double value) { return std::int64_t{std::lround(value * 65536.0)}; };
  return {.luma = fixed(luma_scale),
          .red_of_cr = fixed(chroma_scale * (1.0 - red)),
          .green_of_cb = fixed(-chroma_scale * blue * (1.0 - blue) / green),
          .green_of_cr = fixed(-chroma_scale * red * (1.0 - red) / green),
          .blue_of_cb = fixed(chroma_scale * (1.0 - blue)),
          .black = is_full_range ? 0 : 16};
}

std::uint8_t clipped(std::int64_t value) { return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, 255)); }

constexpr std::int64_t halved(std::int64_t pixels) { return (pixels + 1) / 2; }

struct PlaneShape {
  std::int64_t row_bytes;
  std::int64_t rows;
};

/// The planes that a layout has.
std::vector<PlaneShape> plane_shapes(const PictureView& picture) {
  const PlaneShape luma{picture.width, picture.height};
  const PlaneShape chroma{halved(picture.width), halved(picture.height)};
  switch (picture.layout) {
    case PixelLayout::rgb24:
    case PixelLayout::bgr24: return {{3 * picture.width, picture.height}};
    case PixelLayout::rgba: return {{4 * picture.width, picture.height}};
    case PixelLayout::nv12: return {luma, {2 * chroma.row_bytes, chroma.rows}};
    case PixelLayout::i420: return {luma, chroma, chroma};
  }
  throw Error(ErrorCode::invalid_argument, "a picture has an unknown pixel layout");
}

}  // namespace

void validate(const PictureView& picture) {
  const auto size = std::to_string(picture.width) + "x" + std::to_string(picture.height);
  if (picture.width < 1 || picture.height < 1) throw Error(ErrorCode::bad_shape, "a picture of " + size + " pixels");
  if (picture.width > max_picture_side || picture.height > max_picture_side) {
    throw Error(ErrorCode::limit_exceeded, "a picture of " + size + " pixels: a side may have " +
                                               std::to_string(max_picture_side) + " pixels at most");
  }
  std::size_t plane = 0;
  for (const auto& [row_bytes, rows] : plane_shapes(picture)) {
    const auto name = "plane " + std::to_string(plane) + " of a picture of " + size + " pixels";
    if (picture.planes[plane] == nullptr) throw Error(ErrorCode::bad_shape, name + " is missing");
    const std::ptrdiff_t stride = picture.strides[plane];
    constexpr std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max() / max_picture_side;
    if (stride > most || stride < -most || std::abs(stride) < row_bytes) {
      throw Error(ErrorCode::bad_shape, name + " has a stride of " + base::counted(stride, "byte") + ", a row has " +
                                            std::to_string(row_bytes));
    }
    ++plane;
  }
}

void FrameScaler::Axis::fit(std::int64_t source, std::int64_t target) {
  if (source == source_) return;
  source_ = 0;  // until all is there
  ranges_.clear();
  weights_.clear();
  const std::int64_t longer = std::max(source, target);
  const std::int64_t reach = 2 * longer / target + 1;  // pixels to either side
  std::vector<std::int64_t> exact;
  for (std::int64_t i = 0; i < target; ++i) {
    // In units of half a pixel of the longer axis, so that all positions are whole numbers: the middle of pixel i of
    // the result, and of pixel j of the source.
    const std::int64_t middle = (2 * i + 1) * source;
    const std::int64_t begin = middle / (2 * target) - reach;
    exact.clear();
    std::int64_t sum = 0;
    for (std::int64_t j = begin; j <= begin + 2 * reach; ++j) {
      const std::int64_t distance = std::abs((2 * j + 1) * target - middle);
      exact.push_back(cubic(std::min<std::int64_t>((distance << 16) / (2 * longer), 1 << 17)) >> 16);
      sum += exact.back();
    }
    const auto inside = [source](std::int64_t j) { return std::clamp<std::int64_t>(j, 0, source - 1); };
    const auto first = static_cast<std::size_t>(inside(begin));
    const auto count = static_cast<std::size_t>(inside(begin + 2 * reach)) - first + 1;
    ranges_.push_back({.first = first, .first_weight = weights_.size(), .count = count});
    weights_.resize(weights_.size() + count);
    const std::span weights(weights_.end() - static_cast<std::ptrdiff_t>(count), weights_.end());
    // Each weight takes over the rounding of the one before: together they are one. Weights outside the picture go to
    // the border pixel.
    std::int64_t passed = 0;
    std::int64_t given = 0;
    for (std::int64_t j = begin; j <= begin + 2 * reach; ++j) {
      passed += exact[static_cast<std::size_t>(j - begin)];
      const std::int64_t due = ((passed << weight_bits) + sum / 2) / sum;
      auto& weight = weights[static_cast<std::size_t>(inside(j)) - first];
      weight = static_cast<std::int16_t>(weight + (due - given));
      given = due;
    }
  }
  source_ = source;
}

FrameScaler::Axis::Taps FrameScaler::Axis::operator[](std::size_t target) const {
  const auto& range = ranges_[target];
  return {range.first, std::span(weights_).subspan(range.first_weight, range.count)};
}

/// The rows of the result over all columns of the plane.
void FrameScaler::sum_down(const Plane& plane, const Axis& down) {
  const std::size_t row_values = static_cast<std::size_t>(plane.width) * plane.pixel_bytes;
  sums_.resize(row_values * static_cast<std::size_t>(frame_height));
  for (std::size_t target = 0; target < static_cast<std::size_t>(frame_height); ++target) {
    std::int32_t* const sums = sums_.data() + target * row_values;
    std::fill_n(sums, row_values, std::int32_t{1} << (weight_bits - value_bits - 1));
    const auto [first, weights] = down[target];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::uint8_t* const row = plane.rows + static_cast<std::ptrdiff_t>(first + i) * plane.stride;
      const std::int16_t weight = weights[i];
      for (std::size_t x = 0; x < row_values; ++x) sums[x] += weight * static_cast<std::int16_t>(row[x]);
    }
    for (std::size_t x = 0; x < row_values; ++x) sums[x] >>= weight_bits - value_bits;
  }
}

/// Values of the result, with `value_bits` behind the point.
void FrameScaler::sum_across(const Plane& plane, const Axis& across, std::size_t channel, Values& values) const {
  const std::size_t row_values = static_cast<std::size_t>(plane.width) * plane.pixel_bytes;
  std::size_t pixel = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(frame_height); ++row) {
    for (std::size_t column = 0; column < static_cast<std::size_t>(frame_width); ++column) {
      const auto [first, weights] = across[column];
      const std::int32_t* value = sums_.data() + row * row_values + first * plane.pixel_bytes + channel;
      std::int32_t sum = 0;
      for (const std::int16_t weight : weights) {
        sum += weight * *value;
        value += plane.pixel_bytes;
      }
      values[pixel++] = shifted_right(sum, weight_bits);
    }
  }
}

void FrameScaler::scale_plane(const Plane& plane, Axes& axes, std::initializer_list<std::size_t> channels,
                              Values* values) {
  axes.across.fit(plane.width, frame_width);
  axes.down.fit(plane.height, frame_height);
  sum_down(plane, axes.down);
  for (const std::size_t channel : channels) sum_across(plane, axes.across, channel, *values++);
}

void FrameScaler::scale(const PictureView& picture, std::span<std::uint8_t, frame_bytes> frame) {
  validate(picture);
  const auto plane = [&picture](std::size_t number, std::size_t pixel_bytes, bool is_halved) -> Plane {
    return {.rows = picture.planes[number],
            .stride = picture.strides[number],
            .width = is_halved ? halved(picture.width) : picture.width,
            .height = is_halved ? halved(picture.height) : picture.height,
            .pixel_bytes = pixel_bytes};
  };
  auto& [first, second, third] = channels_;
  switch (picture.layout) {
    case PixelLayout::rgb24: scale_plane(plane(0, 3, false), full_, {0, 1, 2}, &first); break;
    case PixelLayout::bgr24: scale_plane(plane(0, 3, false), full_, {2, 1, 0}, &first); break;
    case PixelLayout::rgba: scale_plane(plane(0, 4, false), full_, {0, 1, 2}, &first); break;
    case PixelLayout::nv12:
      scale_plane(plane(0, 1, false), full_, {0}, &first);
      scale_plane(plane(1, 2, true), half_, {0, 1}, &second);
      break;
    case PixelLayout::i420:
      scale_plane(plane(0, 1, false), full_, {0}, &first);
      scale_plane(plane(1, 1, true), half_, {0}, &second);
      scale_plane(plane(2, 1, true), half_, {0}, &third);
      break;
  }
  std::uint8_t* out = frame.data();
  if (picture.layout != PixelLayout::nv12 && picture.layout != PixelLayout::i420) {
    for (std::size_t pixel = 0; pixel < first.size(); ++pixel) {
      for (const auto& values : channels_) *out++ = clipped(shifted_right(values[pixel], value_bits));
    }
    return;
  }
  const auto colors = coefficients_of(picture.matrix, picture.is_full_range);
  for (std::size_t pixel = 0; pixel < first.size(); ++pixel) {
    const std::int64_t luma = colors.luma * (first[pixel] - (colors.black << value_bits));
    const std::int64_t cb = second[pixel] - (128 << value_bits);
    const std::int64_t cr = third[pixel] - (128 << value_bits);
    const auto color = [](std::int64_t value) { return clipped(shifted_right(value, 16 + value_bits)); };
    *out++ = color(luma + colors.red_of_cr * cr);
    *out++ = color(luma + colors.green_of_cb * cb + colors.green_of_cr * cr);
    *out++ = color(luma + colors.blue_of_cb * cb);
  }
}

}  // namespace transnet::inline TRANSNET_ABI
