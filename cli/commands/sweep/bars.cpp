// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "formats/text.hpp"

namespace command {

BarStyle bar_style() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here changes the environment
    if (value == nullptr || *value == '\0') continue;
    const auto language = lower_case(value);
    const bool is_utf8 = language.find("utf-8") != std::string::npos || language.find("utf8") != std::string::npos;
    return is_utf8 ? BarStyle::utf8 : BarStyle::ascii;
  }
  return BarStyle::ascii;
}

std::string bar(double share, int cells, BarStyle style) {
  if (!(share > 0.0)) return "";
  const int parts = style == BarStyle::utf8 ? 8 : 1;
  const int filled = std::max(1, static_cast<int>(std::round(std::min(share, 1.0) * cells * parts)));
  std::string text;
  for (int cell = 0; cell < filled / parts; ++cell) text += style == BarStyle::utf8 ? "\u2588" : "#";
  constexpr std::array eighths = {"", "\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589"};
  return text + eighths[static_cast<std::size_t>(filled % parts)];
}

}  // namespace command
