// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/contact_sheet.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "commands/sheet/glyphs.hpp"

namespace command {
namespace {

using Color = std::array<std::uint8_t, 3>;
constexpr Color background = {28, 28, 28};
constexpr Color number_color = {255, 255, 255};
constexpr Color time_color = {190, 190, 190};

// Thumbnails and their page together take 6 bytes per pixel.
constexpr std::int64_t max_page_pixels = 64'000'000;

/// Distances in pixels, in proportion to the thumbnails.
struct Measures {
  explicit Measures(const SheetLayout& layout)
      : cell_width(layout.width),
        gap(std::max(4, layout.width / 30)),
        dot(std::max(1, layout.width / min_thumbnail_width)),
        text_height(glyph_height * dot) {}

  [[nodiscard]] int page_width(int columns) const noexcept { return gap + columns * (cell_width + gap); }
  [[nodiscard]] int row_height(int cell_height) const noexcept { return cell_height + gap / 2 + text_height + gap; }

  int cell_width;
  int gap;
  int dot;  // of a glyph
  int text_height;
};

class Canvas {
 public:
  Canvas(int width, int height) : picture_{0, width, height, {}} {
    picture_.rgb.resize(std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (std::size_t at = 0; at < picture_.rgb.size(); ++at) picture_.rgb[at] = background[at % background.size()];
  }

  void paste(const transnet::Picture& picture, int left, int top) {
    const auto row_bytes = std::size_t{3} * static_cast<std::size_t>(picture.width);
    for (int y = 0; y < picture.height; ++y) {
      std::copy_n(picture.rgb.data() + static_cast<std::size_t>(y) * row_bytes, row_bytes, pixel(left, top + y));
    }
  }

  void write(std::string_view text, int left, int top, int dot, const Color& color) {
    for (const char character : text) {
      const Glyph& glyph = glyph_of(character);
      for (int y = 0; y < glyph_height * dot; ++y) {
        for (int x = 0; x < glyph_width * dot; ++x) {
          const bool is_ink = glyph[static_cast<std::size_t>(y / dot)][static_cast<std::size_t>(x / dot)] == '#';
          if (is_ink) std::ranges::copy(color, pixel(left + x, top + y));
        }
      }
      left += (glyph_width + 1) * dot;
    }
  }

  [[nodiscard]] transnet::Picture take() noexcept { return std::move(picture_); }

 private:
  [[nodiscard]] std::uint8_t* pixel(int x, int y) {
    return picture_.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * picture_.width + x);
  }

  transnet::Picture picture_;
};

int text_width(std::string_view text, int dot) { return (static_cast<int>(text.size()) * (glyph_width + 1) - 1) * dot; }

}  // namespace

int rows_of_page(const SheetLayout& layout, int max_side) noexcept {
  const Measures measures(layout);
  const std::int64_t width = measures.page_width(layout.columns);
  if (width > max_side) return 0;
  const std::int64_t tallest_row = measures.row_height(layout.width);
  const auto high = std::min((max_side - measures.gap) / tallest_row, max_page_pixels / (width * tallest_row));
  return static_cast<int>(std::clamp<std::int64_t>(high, 1, layout.rows));
}

transnet::Picture draw_page(std::span<const SheetCell> thumbnails, const SheetLayout& layout) {
  const Measures measures(layout);
  const auto count = static_cast<int>(thumbnails.size());
  const int columns = std::min(layout.columns, count);
  const int rows = (count + columns - 1) / columns;
  int cell_height = 0;
  for (const auto& thumbnail : thumbnails) cell_height = std::max(cell_height, thumbnail.picture.height);

  Canvas canvas(measures.page_width(columns), measures.gap + rows * measures.row_height(cell_height));
  for (int i = 0; i < count; ++i) {
    const auto& [picture, number, time] = thumbnails[static_cast<std::size_t>(i)];
    const int left = measures.gap + i % columns * (measures.cell_width + measures.gap);
    const int top = measures.gap + i / columns * measures.row_height(cell_height);
    canvas.paste(picture, left + (measures.cell_width - picture.width) / 2, top + (cell_height - picture.height) / 2);
    const int text_top = top + cell_height + measures.gap / 2;
    canvas.write(number, left, text_top, measures.dot, number_color);
    canvas.write(time, left + measures.cell_width - text_width(time, measures.dot), text_top, measures.dot, time_color);
  }
  return canvas.take();
}

}  // namespace command
