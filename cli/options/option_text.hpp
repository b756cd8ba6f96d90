// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace command {

/// The library's name of an option: "--min-length-s" -> "min_length_s".
[[nodiscard]] std::string field_of(std::string_view option);

/// A text of the library in the words of the command: with "--min-length-s" in place of the field "min_length_s".
[[nodiscard]] std::string with_option_names(std::string_view text);

}  // namespace command
