// SPDX-License-Identifier: Apache-2.0
#include "media/scaler_proof.hpp"

#include <algorithm>
#include <bit>
#include <new>

#include "media/filter_chain.hpp"

namespace transnet::media {
namespace {

/// A few random numbers at little cost (xorshift64).
class Noise {
 public:
  explicit Noise(int seed) : state_(0x9e3779b97f4a7c15U * (static_cast<std::uint64_t>(seed) + 1)) {}
  std::uint64_t next() noexcept {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ >> 8;
  }

 private:
  std::uint64_t state_;
};

constexpr int shifted_up(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

/// Rows of one plane, `width` samples each. `block_*`: the size of the rectangles.
template <typename Sample>
void draw(std::uint8_t* data, std::ptrdiff_t stride, int width, int height, int block_width, int block_height, int bits,
          Noise& noise) {
  constexpr std::size_t pool_samples = 8192;
  const auto random_below = [&noise](int end) { return static_cast<int>(noise.next() % static_cast<unsigned>(end)); };
  const int unit = 1 << (bits - 8);
  std::vector<std::int16_t> pool(pool_samples + static_cast<std::size_t>(width));
  for (auto& each : pool) each = static_cast<std::int16_t>(random_below(64 * unit) - 32 * unit);
  std::vector<std::int16_t> level(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    if (y % block_height == 0) {
      int now = 0;
      for (int x = 0; x < width; ++x) {
        if (x % block_width == 0) {
          const int choice = random_below(4);
          const int middle = random_below(256 * unit);
          now = choice == 0 ? 0 : choice == 1 ? 256 * unit - 1 : middle;
        }
        level[static_cast<std::size_t>(x)] = static_cast<std::int16_t>(now);
      }
    }
    auto* row = reinterpret_cast<Sample*>(data + y * stride);
    const std::int16_t* added = pool.data() + noise.next() % pool_samples;
    const int most = 256 * unit - 1;
    for (int x = 0; x < width; ++x) {
      row[x] = static_cast<Sample>(std::clamp(level[static_cast<std::size_t>(x)] + added[x], 0, most));
    }
  }
}

/// The place of the first chroma sample in 1/256 of its size; 128 = in the middle.
std::array<int, 2> chroma_position(int location) {
  constexpr int left = 64;
  constexpr int middle = 128;
  constexpr int bottom = 192;
  switch (location) {
    case AVCHROMA_LOC_CENTER: return {middle, middle};
    case AVCHROMA_LOC_TOPLEFT: return {left, left};
    case AVCHROMA_LOC_TOP: return {middle, left};
    case AVCHROMA_LOC_BOTTOMLEFT: return {left, bottom};
    case AVCHROMA_LOC_BOTTOM: return {middle, bottom};
    default: return {left, middle};
  }
}

}  // namespace

std::optional<scale::PictureLayout> picture_layout(const AVFrame& picture) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  constexpr std::uint64_t others = AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL |
                                   AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_ALPHA |
                                   AV_PIX_FMT_FLAG_FLOAT;
  if (format == nullptr || format->nb_components != 3 || (format->flags & others) != 0) return std::nullopt;
  const auto& [luma, u, v, alpha] = format->comp;
  const int bytes = luma.depth > 8 ? 2 : 1;
  const bool is_native =
      bytes == 1 || ((format->flags & AV_PIX_FMT_FLAG_BE) != 0) == (std::endian::native == std::endian::big);
  const bool has_luma = luma.plane == 0 && luma.step == bytes && luma.offset == 0 && luma.shift == 0;
  const bool has_planes = u.plane == 1 && v.plane == 2 && u.step == bytes && v.step == bytes && u.offset == 0 &&
                          v.offset == 0 && u.shift == 0 && v.shift == 0;
  const bool has_pairs =
      bytes == 1 && u.plane == 1 && v.plane == 1 && u.step == 2 && v.step == 2 && u.offset == 0 && v.offset == 1;
  const bool is_wide = luma.depth < 8 || luma.depth > 14 || u.depth != luma.depth || v.depth != luma.depth;
  if (!is_native || !has_luma || !(has_planes || has_pairs) || is_wide) return std::nullopt;
  for (int plane = 0; plane < (has_pairs ? 2 : 3); ++plane) {
    if (picture.data[plane] == nullptr) return std::nullopt;
  }
  return scale::PictureLayout{picture.width,         picture.height, format->log2_chroma_w,
                              format->log2_chroma_h, luma.depth,     has_pairs};
}

std::vector<scale::Arithmetic> possible_arithmetics(const AVFrame& picture) {
  struct Processor {
    int horizontal_taps_multiple;
    int vertical_taps_multiple;
    bool rounds_products;
  };
  constexpr std::array processors{Processor{4, 2, true}, Processor{4, 2, false}, Processor{8, 2, false},
                                  Processor{1, 1, false}};
  const int range = number_of(picture.color_range);
  const auto format = static_cast<AVPixelFormat>(picture.format);
  const bool is_full =
      range == AVCOL_RANGE_JPEG || (range == AVCOL_RANGE_UNSPECIFIED && format_without_range(format) != format);
  // Older releases put the chroma of all pictures into the middle.
  const std::array<std::array<int, 2>, 2> positions{{{128, 128}, chroma_position(number_of(picture.chroma_location))}};
  std::vector<scale::Arithmetic> arithmetics;
  for (const auto& position : positions) {
    for (const auto& processor : processors) {
      // libavfilter may remember the range of an earlier picture.
      for (const bool full : {is_full, !is_full}) {
        const scale::Arithmetic next{scale::matrix_coefficients(number_of(picture.colorspace)),
                                     full,
                                     position[0],
                                     position[1],
                                     processor.horizontal_taps_multiple,
                                     processor.vertical_taps_multiple,
                                     processor.rounds_products};
        if (std::find(arithmetics.begin(), arithmetics.end(), next) == arithmetics.end()) arithmetics.push_back(next);
      }
    }
  }
  return arithmetics;
}

FramePtr noise_picture(const AVFrame& like, const scale::PictureLayout& layout, int seed) {
  FramePtr picture = make_frame();
  picture->format = like.format;
  picture->width = like.width;
  picture->height = like.height;
  if (av_frame_copy_props(picture.get(), &like) < 0 || av_frame_get_buffer(picture.get(), 0) < 0)
    throw std::bad_alloc();
  Noise noise(seed);
  for (int plane = 0; plane < (layout.has_chroma_pairs ? 2 : 3); ++plane) {
    const int pair = plane == 1 && layout.has_chroma_pairs ? 2 : 1;
    const int width = pair * shifted_up(layout.width, plane == 0 ? 0 : layout.chroma_shift_x);
    const int height = shifted_up(layout.height, plane == 0 ? 0 : layout.chroma_shift_y);
    const int block_width = width / static_cast<int>(frame_width) / (seed + 1) + 1;
    const int block_height = height / static_cast<int>(frame_height) / (seed + 1) + 1;
    if (layout.bits > 8) {
      draw<std::uint16_t>(picture->data[plane], picture->linesize[plane], width, height, block_width, block_height,
                          layout.bits, noise);
    } else {
      draw<std::uint8_t>(picture->data[plane], picture->linesize[plane], width, height, block_width, block_height, 8,
                         noise);
    }
  }
  return picture;
}

}  // namespace transnet::media
