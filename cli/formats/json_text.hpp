// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

namespace command {

/// Keeps the insertion order of keys.
using Json = nlohmann::ordered_json;

/// JSON on one line. Bytes that are not UTF-8 (file names can have them) become U+FFFD, so the text is always valid
/// JSON.
[[nodiscard]] inline std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// An object for people and programs: one line per key, and one per array element.
[[nodiscard]] inline std::string to_document(const Json& object) {
  std::string text = "{";
  const char* separator = "\n";
  for (const auto& [key, value] : object.items()) {
    text += separator + ("  " + to_line(key)) + ": ";
    separator = ",\n";
    if (!value.is_array() || value.empty()) {
      text += to_line(value);
      continue;
    }
    const char* element_separator = "[\n";
    for (const auto& element : value) {
      text += element_separator + ("    " + to_line(element));
      element_separator = ",\n";
    }
    text += "\n  ]";
  }
  return text + "\n}";
}

/// The double that has the shortest decimal notation of a float, so that 0.98F is written as 0.98.
[[nodiscard]] inline double shortest(float value) { return std::strtod(fmt::format("{}", value).c_str(), nullptr); }

}  // namespace command
