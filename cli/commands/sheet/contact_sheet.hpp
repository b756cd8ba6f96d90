// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/sheet/sheet_font.hpp"
#include "transnet/pictures.hpp"

namespace command {

enum class SheetTheme { dark, light };

/// Its word in options.
[[nodiscard]] constexpr std::string_view to_string(SheetTheme theme) noexcept {
  return theme == SheetTheme::dark ? "dark" : "light";
}

/// Sizes of paper, across. `none`: a page is as large as its thumbnails need.
enum class SheetPaper { none, a4, a3, letter };

/// Its word in options.
[[nodiscard]] constexpr std::string_view to_string(SheetPaper paper) noexcept {
  switch (paper) {
    case SheetPaper::none: return "none";
    case SheetPaper::a4: return "A4";
    case SheetPaper::a3: return "A3";
    case SheetPaper::letter: return "letter";
  }
  return "";
}

/// The layout of thumbnails on the pages of a contact sheet.
struct SheetLayout {
  int columns = 6;
  int rows = 50;    ///< of a page, at most
  int width = 240;  ///< of a thumbnail and its labels, pixels; also bounds its height. Without effect on paper
  SheetPaper paper = SheetPaper::none;
  SheetTheme theme = SheetTheme::dark;
};

/// On paper.
inline constexpr int paper_pixels_per_inch = 300;

/// Room for a number and a time.
inline constexpr int min_thumbnail_width = 120;

/// Text above the thumbnails of a page. A font without letters leaves it out.
struct SheetHeader {
  std::string name;                ///< UTF-8 in one line
  std::vector<std::string> facts;  ///< the same
};

/// A thumbnail with its labels: digits, ':', '.', '-'.
struct SheetCell {
  transnet::Picture picture;
  std::string number;    ///< of the shot
  std::string time;      ///< its start on a clock
  std::string frame;     ///< its first frame
  std::string length_s;  ///< seconds
};

/// The width of a thumbnail, pixels, at least `min_thumbnail_width`; 0: not so many columns fit on the paper.
[[nodiscard]] int thumbnail_width(const SheetLayout& layout) noexcept;

/// The largest height of a thumbnail with which a row fits on a page, pixels.
[[nodiscard]] int most_thumbnail_height(const SheetLayout& layout) noexcept;

/// The width of a page whose columns are all in use, pixels.
[[nodiscard]] int page_width(const SheetLayout& layout) noexcept;

/// The height of thumbnails with which rows fill a page of paper: `height`, or slightly less if one more row then fits.
/// Without paper, `height`.
[[nodiscard]] int fitted_height(const SheetLayout& layout, const SheetHeader& header, SheetFont& font, int height);

/// The most rows of a page with thumbnails of `height`, which is at most `most_thumbnail_height`, at least 1: the page
/// stays within `max_side` pixels and within the memory limit, or on its paper.
[[nodiscard]] int rows_of_page(const SheetLayout& layout, const SheetHeader& header, SheetFont& font, int height,
                               int max_side);

/// A page with the thumbnails in rows. `height`: of a thumbnail, pixels, at most; on paper, smaller pictures are
/// enlarged to it or to their width.
[[nodiscard]] transnet::Picture draw_page(std::span<const SheetCell> thumbnails, const SheetHeader& header,
                                          const SheetLayout& layout, SheetFont& font, int height);

}  // namespace command
