// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/sheet_font.hpp"

#include <cstddef>
#include <vector>

namespace command {

std::unique_ptr<SheetFont> make_sheet_font() {
#ifdef TRANSNET_HAS_FONTS
  if (auto font = open_system_font()) return font;
#endif
  return make_glyph_font();
}

std::string fitted_text(SheetFont& font, const std::string& text, int size_px, int most_px) {
  if (font.width(text, size_px) <= most_px) return text;
  std::vector<std::size_t> starts;  // of characters
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool continues = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    if (!continues) starts.push_back(at);
  }
  const auto shortened = [&](std::size_t kept) {
    const auto head = (kept + 1) / 2;
    const auto tail = kept / 2;
    auto result = text.substr(0, head < starts.size() ? starts[head] : text.size()) + "…";
    return tail == 0 ? result : result += text.substr(starts[starts.size() - tail]);
  };
  std::size_t fits = 0;
  for (std::size_t end = starts.size(); fits + 1 < end;) {
    const auto half = (fits + end) / 2;
    if (font.width(shortened(half), size_px) <= most_px) {
      fits = half;
    } else {
      end = half;
    }
  }
  return fits == 0 ? "" : shortened(fits);
}

}  // namespace command
