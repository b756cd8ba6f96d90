// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>

namespace transnet::base {

/// The ending of a file name, in lower case, ".csv"; empty if there is none.
[[nodiscard]] inline std::string lower_case_ending(const std::filesystem::path& file) {
  std::string ending = file.extension().native();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return ending;
}

}  // namespace transnet::base
