// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include "commands/sheet/sheet_font.hpp"

namespace command {
namespace {

constexpr int glyph_width = 5;
constexpr int glyph_height = 7;

/// The rows of a character, from the top: '#' is ink.
using Glyph = std::array<std::string_view, glyph_height>;

// clang-format off
constexpr std::array<Glyph, 10> digits = {{
    {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "},
    {"  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "},
    {" ### ", "#   #", "    #", "  ## ", " #   ", "#    ", "#####"},
    {" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "},
    {"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "},
    {"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "},
    {" ### ", "#    ", "#    ", "#### ", "#   #", "#   #", " ### "},
    {"#####", "    #", "   # ", "   # ", "  #  ", "  #  ", "  #  "},
    {" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "},
    {" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "},
}};
constexpr Glyph colon = {"     ", "  #  ", "  #  ", "     ", "  #  ", "  #  ", "     "};
constexpr Glyph full_stop = {"     ", "     ", "     ", "     ", "     ", "  #  ", "  #  "};
constexpr Glyph minus = {"     ", "     ", "     ", "#####", "     ", "     ", "     "};
constexpr Glyph blank = {"     ", "     ", "     ", "     ", "     ", "     ", "     "};
// clang-format on

/// Of a digit, ':', '.' or '-'. Other characters are blank.
const Glyph& glyph_of(char character) noexcept {
  if (character >= '0' && character <= '9') return digits[static_cast<std::size_t>(character - '0')];
  switch (character) {
    case ':': return colon;
    case '.': return full_stop;
    case '-': return minus;
    default: return blank;
  }
}

class GlyphFont : public SheetFont {
 public:
  [[nodiscard]] bool has_letters() const noexcept override { return false; }

  [[nodiscard]] int width(std::string_view text, int size_px) override {
    return std::max(0, static_cast<int>(text.size()) * (glyph_width + 1) - 1) * dot(size_px);
  }

  void write(std::string_view text, int size_px, int left, int top, const InkPixel& ink) override {
    const int side = dot(size_px);
    for (const char character : text) {
      const Glyph& glyph = glyph_of(character);
      for (int y = 0; y < glyph_height * side; ++y) {
        for (int x = 0; x < glyph_width * side; ++x) {
          const bool is_ink = glyph[static_cast<std::size_t>(y / side)][static_cast<std::size_t>(x / side)] == '#';
          if (is_ink) ink(left + x, top + y, 255);
        }
      }
      left += (glyph_width + 1) * side;
    }
  }

 private:
  /// The side of a dot, pixels.
  static int dot(int size_px) { return std::max(1, size_px / (glyph_height + 1)); }
};

}  // namespace

std::unique_ptr<SheetFont> make_glyph_font() { return std::make_unique<GlyphFont>(); }

}  // namespace command
