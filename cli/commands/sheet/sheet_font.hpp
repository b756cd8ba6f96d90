// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace command {

/// Covers a pixel with ink: 0 is nothing, 255 is all.
using InkPixel = std::function<void(int x, int y, std::uint8_t ink)>;

/// Writes lines of text. An object belongs to one thread at a time.
class SheetFont {
 public:
  SheetFont() = default;
  SheetFont(const SheetFont&) = delete;
  SheetFont& operator=(const SheetFont&) = delete;
  virtual ~SheetFont() = default;

  /// Whether it can write names: it has more than digits, ':', '.' and '-'.
  [[nodiscard]] virtual bool has_letters() const noexcept = 0;
  /// The width of a line of valid UTF-8, pixels. `size_px`: the height of the line, from above the tallest letter to
  /// below the lowest one.
  [[nodiscard]] virtual int width(std::string_view text, int size_px) = 0;
  /// Writes a line with its upper left corner there. `ink` gets pixels of the line, and some beside it.
  virtual void write(std::string_view text, int size_px, int left, int top, const InkPixel& ink) = 0;
};

/// The system's sans serif font; without one, or in a build without fonts, digits of our own.
[[nodiscard]] std::unique_ptr<SheetFont> make_sheet_font();

/// The digits of our own: ':', '.' and '-' besides; other characters are blank.
[[nodiscard]] std::unique_ptr<SheetFont> make_glyph_font();

/// The system's font; null if there is none. Only in a build with fonts.
[[nodiscard]] std::unique_ptr<SheetFont> open_system_font();

/// The text, or its beginning and its end around an ellipsis, at most `most_px` wide.
[[nodiscard]] std::string fitted_text(SheetFont& font, const std::string& text, int size_px, int most_px);

}  // namespace command
