// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/glyphs.hpp"

#include <cstddef>

namespace command {
namespace {

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

}  // namespace

const Glyph& glyph_of(char character) noexcept {
  if (character >= '0' && character <= '9') return digits[static_cast<std::size_t>(character - '0')];
  switch (character) {
    case ':': return colon;
    case '.': return full_stop;
    case '-': return minus;
    default: return blank;
  }
}

}  // namespace command
