// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/contact_sheet.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace command {
namespace {

using Color = std::array<std::uint8_t, 3>;

struct SheetColors {
  Color background;
  Color text;
  Color faint_text;
};

SheetColors colors_of(SheetTheme theme) noexcept {
  if (theme == SheetTheme::light) return {{255, 255, 255}, {16, 16, 16}, {88, 88, 88}};
  return {{28, 28, 28}, {255, 255, 255}, {190, 190, 190}};
}

// Thumbnails and their page together take 6 bytes per pixel.
constexpr int max_page_pixels = 64'000'000;

struct PageSize {
  int width = 0;
  int height = 0;
};

/// Pixels at `paper_pixels_per_inch`, across; 0 without paper.
PageSize size_of(SheetPaper paper) noexcept {
  switch (paper) {
    case SheetPaper::none: return {};
    case SheetPaper::a4: return {3508, 2480};
    case SheetPaper::a3: return {4961, 3508};
    case SheetPaper::letter: return {3300, 2550};
  }
  return {};
}

// Printers leave 5 mm and more of a sheet blank.
constexpr int paper_margin = 118;
constexpr int paper_gap = 40;
constexpr int most_paper_line = 50;  // 12 points

/// Distances in pixels, in proportion to the thumbnails.
struct Measures {
  explicit Measures(const SheetLayout& layout)
      : size(size_of(layout.paper)),
        is_paper(layout.paper != SheetPaper::none),
        columns(layout.columns),
        gap(is_paper ? paper_gap : std::max(4, layout.width / 30)),
        margin(is_paper ? paper_margin : gap),
        cell_width(is_paper ? (size.width - 2 * margin - (columns - 1) * gap) / columns : layout.width),
        line(std::max(12, cell_width / 15)) {
    if (is_paper) line = std::min(line, most_paper_line);
    if (!is_paper) size.width = width(columns);
  }

  [[nodiscard]] int width(int used_columns) const noexcept {
    return 2 * margin + used_columns * cell_width + (used_columns - 1) * gap;
  }
  [[nodiscard]] int row_height(int cell_height) const noexcept { return cell_height + gap / 2 + 2 * line + gap; }
  /// The height of labels and gaps in a row.
  [[nodiscard]] int row_surplus() const noexcept { return row_height(0); }
  [[nodiscard]] int title() const noexcept { return line * 8 / 5; }
  [[nodiscard]] int fact() const noexcept { return line * 6 / 5; }

  PageSize size;
  bool is_paper;
  int columns;
  int gap = 0;
  int margin = 0;
  int cell_width = 0;
  int line = 0;  // of text
};

/// The header in lines of a width.
struct HeaderLines {
  std::string name;
  std::vector<std::string> facts;
};

HeaderLines lines_of(const SheetHeader& header, const Measures& measures, SheetFont& font, int width) {
  HeaderLines lines;
  if (!font.has_letters()) return lines;
  lines.name = fitted_text(font, header.name, measures.title(), width);
  for (const auto& fact : header.facts) {
    auto longer = lines.facts.empty() ? fact : lines.facts.back() + "  ·  " + fact;
    if (!lines.facts.empty() && font.width(longer, measures.fact()) <= width) {
      lines.facts.back() = std::move(longer);
    } else {
      lines.facts.push_back(fitted_text(font, fact, measures.fact(), width));
    }
  }
  return lines;
}

int height_of(const HeaderLines& lines, const Measures& measures) {
  if (lines.name.empty() && lines.facts.empty()) return 0;
  return measures.title() + static_cast<int>(lines.facts.size()) * measures.fact() + measures.line * 3 / 4;
}

/// The height that a page has for rows, each with a gap below.
int room_for_rows(const Measures& measures, const SheetHeader& header, SheetFont& font, int page_height) {
  const auto lines = lines_of(header, measures, font, measures.size.width - 2 * measures.margin);
  return page_height - height_of(lines, measures) - 2 * measures.margin + measures.gap;
}

class Canvas {
 public:
  Canvas(PageSize size, const Color& background) : picture_{0, size.width, size.height, {}} {
    picture_.rgb.resize(std::size_t{3} * static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
    for (std::size_t at = 0; at < picture_.rgb.size(); ++at) picture_.rgb[at] = background[at % background.size()];
  }

  /// Puts the picture in this size there, as far as the page goes.
  void paste(const transnet::Picture& picture, int left, int top, PageSize size) {
    const auto source_pixel = [&picture](int x, int y) {
      return picture.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * picture.width + x);
    };
    for (int y = 0; y < std::min(size.height, picture_.height - top); ++y) {
      const int from_y = scaled(y, picture.height, size.height);
      for (int x = 0; x < std::min(size.width, picture_.width - left); ++x) {
        std::copy_n(source_pixel(scaled(x, picture.width, size.width), from_y), 3, pixel(left + x, top + y));
      }
    }
  }

  void write(SheetFont& font, std::string_view text, int size_px, int left, int top, const Color& color) {
    font.write(text, size_px, left, top, [this, &color](int x, int y, std::uint8_t ink) {
      if (x < 0 || y < 0 || x >= picture_.width || y >= picture_.height) return;
      auto* at = pixel(x, y);
      for (std::size_t i = 0; i < color.size(); ++i) {
        at[i] = static_cast<std::uint8_t>((at[i] * (255 - ink) + color[i] * ink + 127) / 255);
      }
    });
  }

  [[nodiscard]] transnet::Picture take() noexcept { return std::move(picture_); }

 private:
  static int scaled(int at, int from, int to) {
    return static_cast<int>(static_cast<std::int64_t>(at) * from / std::max(1, to));
  }

  [[nodiscard]] std::uint8_t* pixel(int x, int y) {
    return picture_.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * picture_.width + x);
  }

  transnet::Picture picture_;
};

/// A text on the left and one on the right of a line that is `width` wide. The left one gives way.
void write_pair(Canvas& canvas, SheetFont& font, const std::string& left_text, const Color& left_color,
                const std::string& right_text, const Color& right_color, int size_px, int left, int top, int width) {
  const auto right = fitted_text(font, right_text, size_px, width);
  const int right_width = font.width(right, size_px);
  canvas.write(font, fitted_text(font, left_text, size_px, width - right_width - size_px / 2), size_px, left, top,
               left_color);
  canvas.write(font, right, size_px, left + width - right_width, top, right_color);
}

/// The size in which a picture is shown.
PageSize shown_size(const transnet::Picture& picture, const Measures& measures, int cell_height) {
  if (!measures.is_paper) return {picture.width, picture.height};
  const std::int64_t width = std::max(1, picture.width);
  const std::int64_t height = std::max(1, picture.height);
  if (width * cell_height <= height * measures.cell_width) {
    return {std::max(1, static_cast<int>(width * cell_height / height)), cell_height};
  }
  return {measures.cell_width, std::max(1, static_cast<int>(height * measures.cell_width / width))};
}

}  // namespace

int thumbnail_width(const SheetLayout& layout) noexcept {
  const int width = Measures(layout).cell_width;
  return width < min_thumbnail_width ? 0 : width;
}

int most_thumbnail_height(const SheetLayout& layout) noexcept {
  const Measures measures(layout);
  // Leaves room for the header and the labels.
  return measures.is_paper ? std::min(measures.cell_width, measures.size.height * 7 / 10) : measures.cell_width;
}

int page_width(const SheetLayout& layout) noexcept { return Measures(layout).size.width; }

int fitted_height(const SheetLayout& layout, const SheetHeader& header, SheetFont& font, int height) {
  const Measures measures(layout);
  if (!measures.is_paper) return height;
  const int room = room_for_rows(measures, header, font, measures.size.height);
  const int row = measures.row_height(height);
  const int rows = room / row;
  const bool is_nearly_one_more = rows < layout.rows && (room - rows * row) * 4 >= row * 3;
  return is_nearly_one_more ? room / (rows + 1) - measures.row_surplus() : height;
}

int rows_of_page(const SheetLayout& layout, const SheetHeader& header, SheetFont& font, int height, int max_side) {
  const Measures measures(layout);
  const auto most_height =
      measures.is_paper ? measures.size.height : std::min(max_side, max_page_pixels / measures.size.width);
  return std::clamp(room_for_rows(measures, header, font, most_height) / measures.row_height(height), 1, layout.rows);
}

transnet::Picture draw_page(std::span<const SheetCell> thumbnails, const SheetHeader& header, const SheetLayout& layout,
                            SheetFont& font, int height) {
  const Measures measures(layout);
  const auto colors = colors_of(layout.theme);
  const auto count = static_cast<int>(thumbnails.size());
  const int columns = measures.is_paper ? layout.columns : std::min(layout.columns, count);
  const int rows = (count + columns - 1) / columns;
  auto size = measures.size;
  int cell_height = height;
  if (!measures.is_paper) {
    cell_height = 0;
    for (const auto& thumbnail : thumbnails) cell_height = std::max(cell_height, thumbnail.picture.height);
    size.width = measures.width(columns);
  }
  const int text_width = size.width - 2 * measures.margin;
  const auto header_lines = lines_of(header, measures, font, text_width);
  const int first_row = measures.margin + height_of(header_lines, measures);
  if (!measures.is_paper) {
    size.height = first_row + rows * measures.row_height(cell_height) - measures.gap + measures.margin;
  }

  Canvas canvas(size, colors.background);
  canvas.write(font, header_lines.name, measures.title(), measures.margin, measures.margin, colors.text);
  int line_top = measures.margin + measures.title();
  for (const auto& line : header_lines.facts) {
    canvas.write(font, line, measures.fact(), measures.margin, line_top, colors.faint_text);
    line_top += measures.fact();
  }
  const bool has_letters = font.has_letters();
  for (int i = 0; i < count; ++i) {
    const auto& [picture, number, time, frame, length_s] = thumbnails[static_cast<std::size_t>(i)];
    const int left = measures.margin + i % columns * (measures.cell_width + measures.gap);
    const int top = first_row + i / columns * measures.row_height(cell_height);
    const auto shown = shown_size(picture, measures, cell_height);
    canvas.paste(picture, left + (measures.cell_width - shown.width) / 2, top + (cell_height - shown.height) / 2,
                 shown);
    const int text_top = top + cell_height + measures.gap / 2;
    write_pair(canvas, font, number, colors.text, time, colors.faint_text, measures.line, left, text_top,
               measures.cell_width);
    write_pair(canvas, font, has_letters ? "frame " + frame : frame, colors.faint_text,
               has_letters ? length_s + " s" : length_s, colors.faint_text, measures.line, left,
               text_top + measures.line, measures.cell_width);
  }
  return canvas.take();
}

}  // namespace command
