// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace command {

inline constexpr int glyph_width = 5;
inline constexpr int glyph_height = 7;

/// The rows of a digit, ':', '.' or '-', from the top: '#' is ink. Other characters are blank.
using Glyph = std::array<std::string_view, glyph_height>;
[[nodiscard]] const Glyph& glyph_of(char character) noexcept;

}  // namespace command
