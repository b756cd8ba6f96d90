// SPDX-License-Identifier: Apache-2.0
#include "scale/picture_scaler.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "scale/bicubic_filter.hpp"

namespace transnet::scale {
namespace {

constexpr int horizontal_one = 1 << 14;
constexpr int vertical_one = 1 << 12;
constexpr int most_taps = 255;  // of one pass

// Filters with many outputs go over many rows at a time, some outputs after the other: their coefficients and the
// columns that they write to do not fit into the first cache together.
constexpr int tile_outputs = 64;
constexpr int tile_lines = 16;
int rows_lines(const PackedFilter& filter) { return filter.outputs() > tile_outputs ? tile_lines : kernel_lines; }

constexpr int shifted_up(int value, int shift) { return (value + (1 << shift) - 1) >> shift; }

/// libswscale halves the chroma of the frame too, unless the picture has chroma for every pixel.
bool has_full_chroma(const PictureLayout& layout) { return layout.chroma_shift_x == 0 && layout.chroma_shift_y == 0; }

PictureLayout frame_layout(bool full_chroma) { return {frame_width, frame_height, full_chroma ? 0 : 1, 0}; }

/// The picture between the two passes: the geometric mean of both sizes.
PictureLayout intermediate_layout(const PictureLayout& picture) {
  const auto mean = [](int from, int to) { return static_cast<int>(std::sqrt(static_cast<double>(from) * to)); };
  return {mean(picture.width, frame_width), mean(picture.height, frame_height), 1, 1};
}

void prefetch(const std::uint8_t* from, int bytes) {
  constexpr int cache_line_bytes = 64;
  for (int i = 0; i < bytes; i += cache_line_bytes) __builtin_prefetch(from + i);
}

std::uint8_t clip_8(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

}  // namespace

PictureScaler::Pass::Pass(const PictureLayout& picture, const PictureLayout& to, const Arithmetic& arithmetic,
                          int vector_pixels)
    : from(picture) {
  for (int chroma = 0; chroma < 2; ++chroma) {
    const auto size = [chroma](int pixels, int shift) { return chroma == 0 ? pixels : shifted_up(pixels, shift); };
    FilterShape shape{size(picture.width, picture.chroma_shift_x), size(to.width, to.chroma_shift_x), horizontal_one,
                      arithmetic.horizontal_taps_multiple, chroma == 0 ? 128 : arithmetic.chroma_position_x};
    filters[static_cast<std::size_t>(chroma)].horizontal = {bicubic_filter(shape), vector_pixels};
    shape = {size(picture.height, picture.chroma_shift_y), size(to.height, to.chroma_shift_y), vertical_one,
             arithmetic.vertical_taps_multiple, chroma == 0 ? 128 : arithmetic.chroma_position_y};
    filters[static_cast<std::size_t>(chroma)].vertical = {bicubic_filter(shape), vector_pixels};
  }
}

bool PictureScaler::Pass::needs_two_passes() const noexcept {
  return std::any_of(filters.begin(), filters.end(), [](const Filters& each) {
    return each.horizontal.taps() > most_taps || each.vertical.taps() > most_taps;
  });
}

void PictureScaler::Pass::make_columns() {
  for (int plane = 0; plane < 3; ++plane) {
    const Filters& filter = filters[static_cast<std::size_t>(filters_of(plane))];
    columns[static_cast<std::size_t>(plane)] =
        Lines(filter.horizontal.outputs(), filter.vertical.line_pixels() + tile_lines);
  }
}

PictureScaler::PictureScaler(const PictureLayout& layout, const Arithmetic& arithmetic, const Kernels& kernels)
    : kernels_(&kernels),
      rounds_products_(arithmetic.rounds_products),
      has_full_chroma_(scale::has_full_chroma(layout)),
      to_rgb_(arithmetic.matrix, arithmetic.is_full_range),
      pass_(layout, frame_layout(has_full_chroma_), arithmetic, kernels.vector_pixels) {
  if (pass_.needs_two_passes()) {
    // libswscale forgets the colours and the place of the chroma on the way to the second pass.
    const PictureLayout between = intermediate_layout(layout);
    Arithmetic centred = arithmetic;
    centred.chroma_position_x = centred.chroma_position_y = 128;
    first_pass_ = Pass(layout, between, centred, kernels.vector_pixels);
    pass_ = Pass(between, frame_layout(has_full_chroma_), centred, kernels.vector_pixels);
    first_pass_->make_columns();
    for (int plane = 0; plane < 3; ++plane) {
      const Filters& next = pass_.filters[static_cast<std::size_t>(filters_of(plane))];
      intermediate_[static_cast<std::size_t>(plane)] =
          Lines(first_pass_->filters[static_cast<std::size_t>(filters_of(plane))].vertical.outputs(),
                next.horizontal.line_pixels() + kernel_lines);
    }
    to_rgb_ = YuvToRgb(matrix_coefficients(0), false);
    makes_limited_range_ = arithmetic.is_full_range;
  }
  pass_.make_columns();
  const Pass& first = first_pass_ ? *first_pass_ : pass_;
  const int pixels = std::max(first.filters[0].horizontal.line_pixels(), first.filters[1].horizontal.line_pixels());
  rows_.fill(Lines(rows_lines(first.filters[0].horizontal), pixels));
}

void PictureScaler::read_row(const Planes& planes, int plane, int y, int slot) {
  const Pass& pass = first_pass_ ? *first_pass_ : pass_;
  const PictureLayout& layout = pass.from;
  const int width = plane == 0 ? layout.width : shifted_up(layout.width, layout.chroma_shift_x);
  const Plane& from = planes[static_cast<std::size_t>(plane)];
  const std::uint8_t* row = from.data + y * from.stride;
  const int height = plane == 0 ? layout.height : shifted_up(layout.height, layout.chroma_shift_y);
  const int pixel_bytes = (layout.bits > 8 ? 2 : 1) * (plane > 0 && layout.has_chroma_pairs ? 2 : 1);
  // The next rows come while the kernels work on these.
  const int next = y + rows_lines(pass.filters[static_cast<std::size_t>(filters_of(plane))].horizontal);
  if (next < height) prefetch(from.data + next * from.stride, width * pixel_bytes);
  if (layout.bits > 8) {
    std::memcpy(rows_[0].line(slot), row, static_cast<std::size_t>(width) * sizeof(std::int16_t));
  } else if (plane == 1 && layout.has_chroma_pairs) {
    kernels_->widen_pairs(row, rows_[0].line(slot), rows_[1].line(slot), width);
  } else {
    kernels_->widen(row, rows_[0].line(slot), width);
  }
}

void PictureScaler::filter_group(Pass& pass, int plane, int y, int count) {
  const PictureLayout& layout = pass.from;
  const PackedFilter& filter = pass.filters[static_cast<std::size_t>(filters_of(plane))].horizontal;
  const int shift = layout.bits - 1;
  const int planes = plane == 1 && layout.has_chroma_pairs ? 2 : 1;
  for (int x = 0; x < filter.outputs(); x += tile_outputs) {
    const FilterView tile = filter.view(x, std::min(tile_outputs, filter.outputs() - x));
    for (int slot = 0; slot < count; slot += kernel_lines) {
      for (int second = 0; second < planes; ++second) {
        Lines& columns = pass.columns[static_cast<std::size_t>(plane + second)];
        kernels_->filter(rows_[static_cast<std::size_t>(second)].view(slot), tile, shift, columns.line(x) + y + slot,
                         columns.stride());
      }
    }
  }
}

void PictureScaler::filter_rows(const Planes& planes, Pass& pass) {
  const PictureLayout& layout = pass.from;
  for (int plane = 0; plane < (layout.has_chroma_pairs ? 2 : 3); ++plane) {
    const int height = plane == 0 ? layout.height : shifted_up(layout.height, layout.chroma_shift_y);
    const int lines = rows_lines(pass.filters[static_cast<std::size_t>(filters_of(plane))].horizontal);
    for (int y = 0; y < height; y += lines) {
      // Rows of the last group that are beyond the picture hold an earlier row: their sums count nothing.
      const int count = std::min(lines, height - y);
      for (int slot = 0; slot < count; ++slot) read_row(planes, plane, y + slot, slot);
      filter_group(pass, plane, y, count);
    }
  }
}

void PictureScaler::make_limited_range(Pass& pass) const {
  for (int plane = 0; plane < 3; ++plane) {
    const Filters& filter = pass.filters[static_cast<std::size_t>(filters_of(plane))];
    Lines& columns = pass.columns[static_cast<std::size_t>(plane)];
    for (int x = 0; x < filter.horizontal.outputs(); ++x) {
      std::int16_t* column = columns.line(x);
      const auto convert = [&](int scale, int offset, int shift) {
        for (std::ptrdiff_t y = 0; y < columns.stride(); ++y) {
          column[y] = static_cast<std::int16_t>((column[y] * scale + offset) >> shift);
        }
      };
      if (plane == 0) {
        convert(14071, 33561947, 14);
      } else {
        convert(1799, 4081085, 11);
      }
    }
  }
}

void PictureScaler::filter_intermediate_columns(Pass& pass) {
  for (int plane = 0; plane < 3; ++plane) {
    const auto index = static_cast<std::size_t>(plane);
    const Filters& filter = pass.filters[static_cast<std::size_t>(filters_of(plane))];
    const int height = filter.vertical.outputs();
    const int luma_height = pass.filters[0].vertical.outputs();
    // libswscale filters the rows that the last two rows of luma end with in plain C.
    const int rounded = !rounds_products_ ? 0 : plane == 0 ? luma_height - 2 : (luma_height - 1) / 2;
    // Half of each product's lost part, for as many taps as there are.
    const int start = (64 + (filter.vertical.taps() - 1) * 8) >> 4;
    auto& sums = sums_[0];
    sums.resize(static_cast<std::size_t>(height) * kernel_lines);
    for (int x = 0; x < filter.horizontal.outputs(); x += kernel_lines) {
      const LinesView lines = pass.columns[index].view(x);
      kernels_->sum_upper_halves(lines, filter.vertical.view(0, rounded), sums.data());
      kernels_->sum(lines, filter.vertical.view(rounded, height - rounded),
                    sums.data() + static_cast<std::ptrdiff_t>(rounded) * kernel_lines);
      const std::int32_t* sum = sums.data();
      for (int y = 0; y < height; ++y) {
        std::int16_t* to = intermediate_[index].line(y) + x;
        for (int line = 0; line < kernel_lines; ++line, ++sum) {
          to[line] =
              y < rounded ? clip_8(static_cast<std::int16_t>(*sum + start) >> 3) : clip_8((*sum + (64 << 12)) >> 19);
        }
      }
    }
  }
}

void PictureScaler::filter_intermediate_rows() {
  for (int plane = 0; plane < 3; ++plane) {
    const auto index = static_cast<std::size_t>(plane);
    const FilterView filter = pass_.filters[static_cast<std::size_t>(filters_of(plane))].horizontal.view();
    const int height = first_pass_->filters[static_cast<std::size_t>(filters_of(plane))].vertical.outputs();
    Lines& columns = pass_.columns[index];
    for (int y = 0; y < height; y += kernel_lines) {
      kernels_->filter(intermediate_[index].view(y), filter, 7, columns.line(0) + y, columns.stride());
    }
  }
}

void PictureScaler::write_rgb(const Pass& pass, std::span<std::uint8_t, frame_bytes> rgb) {
  for (int plane = 0; plane < 3; ++plane) {
    const auto index = static_cast<std::size_t>(plane);
    const Filters& filter = pass.filters[static_cast<std::size_t>(filters_of(plane))];
    sums_[index].resize(static_cast<std::size_t>(filter.horizontal.outputs()) * frame_height);
    for (int x = 0; x < filter.horizontal.outputs(); x += kernel_lines) {
      kernels_->sum(pass.columns[index].view(x), filter.vertical.view(),
                    sums_[index].data() + static_cast<std::ptrdiff_t>(x) * frame_height);
    }
  }
  const auto sum = [&](int plane, int x, int y) {
    const int group = x / kernel_lines * kernel_lines;
    return sums_[static_cast<std::size_t>(plane)]
                [static_cast<std::size_t>((group * frame_height) + y * kernel_lines + (x - group))];
  };
  std::uint8_t* to = rgb.data();
  for (int y = 0; y < frame_height; ++y) {
    for (int x = 0; x < frame_width; ++x, to += frame_channels) {
      if (has_full_chroma_) {
        constexpr int half = 1 << 9;
        constexpr int grey = 128 << 19;
        to_rgb_.convert_17_bit((sum(0, x, y) + half) >> 10, (sum(1, x, y) + half - grey) >> 10,
                               (sum(2, x, y) + half - grey) >> 10, to);
      } else {
        constexpr int half = 1 << 18;
        to_rgb_.convert_8_bit((sum(0, x, y) + half) >> 19, (sum(1, x / 2, y) + half) >> 19,
                              (sum(2, x / 2, y) + half) >> 19, to);
      }
    }
  }
}

void PictureScaler::scale(const Planes& planes, std::span<std::uint8_t, frame_bytes> rgb) {
  filter_rows(planes, first_pass_ ? *first_pass_ : pass_);
  if (first_pass_) {
    if (makes_limited_range_) make_limited_range(*first_pass_);
    filter_intermediate_columns(*first_pass_);
    filter_intermediate_rows();
  }
  write_rgb(pass_, rgb);
}

}  // namespace transnet::scale
