// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "transnet/pictures.hpp"

namespace command {

/// The layout of thumbnails on the pages of a contact sheet.
struct SheetLayout {
  int columns = 6;
  int rows = 50;    ///< of a page, at most
  int width = 240;  ///< of a thumbnail and its labels, pixels; also bounds its height
};

/// Room for a number and a time.
inline constexpr int min_thumbnail_width = 120;

struct SheetCell {
  transnet::Picture picture;  ///< at most `width` wide and high
  std::string number;         ///< written below on the left: digits, ':', '.', '-'
  std::string time;           ///< the same on the right
};

/// The most rows of a page for any height of its thumbnails: the page stays within `max_side` pixels and within the
/// memory limit. 0: the page would be too wide.
[[nodiscard]] int rows_of_page(const SheetLayout& layout, int max_side) noexcept;

/// A page with the thumbnails in rows.
[[nodiscard]] transnet::Picture draw_page(std::span<const SheetCell> thumbnails, const SheetLayout& layout);

}  // namespace command
