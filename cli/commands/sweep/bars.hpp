// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace command {

/// The characters that a terminal can show in a bar.
enum class BarStyle { ascii, utf8 };

/// From the environment: the locale of characters names the encoding.
[[nodiscard]] BarStyle bar_style();

/// `share` of `cells` characters, in UTF-8 to an eighth of one. Any share above 0 is visible.
[[nodiscard]] std::string bar(double share, int cells, BarStyle style);

}  // namespace command
