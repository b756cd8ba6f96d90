// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace command {

/// What a terminal can show of a bar.
enum class BarStyle { ascii, utf8 };

/// By the environment: the language that is set for characters names its encoding.
[[nodiscard]] BarStyle bar_style();

/// `share` of `cells` characters, in UTF-8 to an eighth of one. What is more than nothing is seen.
[[nodiscard]] std::string bar(double share, int cells, BarStyle style);

}  // namespace command
