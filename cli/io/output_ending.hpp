// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/text.hpp"
#include "io/output.hpp"

/// The ending of an output's name, which selects its format.
namespace command {

/// Refuses a folder as a file of --output. @throws UsageError that shows how to name a file in it: "DIR/{stem}.csv",
/// with the ending.
void refuse_folder(const std::string& file, std::string_view ending);

/// Refuses a file of --output that has none of the endings. @throws UsageError
[[noreturn]] void refuse_ending(const std::string& file, std::span<const std::string_view> endings);

/// An ending in lower case, and the format of such files.
template <typename Format>
using FormatOfEnding = std::pair<std::string_view, Format>;

/// The format of a file of --output. Destinations that are written in place, such as standard output, get the first
/// one.
/// @throws UsageError for any other ending.
template <typename Format>
[[nodiscard]] Format format_of_output(const std::string& file, const std::vector<FormatOfEnding<Format>>& formats) {
  refuse_folder(file, formats.front().first);
  if (is_written_in_place(file)) return formats.front().second;
  const auto found = std::ranges::find(formats, lower_case_ending(file), &FormatOfEnding<Format>::first);
  if (found != formats.end()) return found->second;
  std::vector<std::string_view> endings;
  for (const auto& format : formats) endings.push_back(format.first);
  refuse_ending(file, endings);
}

}  // namespace command
