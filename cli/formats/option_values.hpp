// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/option_table.hpp"
#include "formats/json_text.hpp"
#include "transnet/shot_model.hpp"

namespace command {

/// "min_length_s" -> "min-length-s", as the command names it
[[nodiscard]] inline std::string word_of(std::string_view field) {
  std::string word(field);
  std::ranges::replace(word, '_', '-');
  return word;
}

/// The word of a value of an enumeration; empty if it has none.
template <typename Value>
[[nodiscard]] std::string_view text_of(const auto& words, Value value) {
  const auto word = std::ranges::find(words, value, &transnet::OptionWord<Value>::value);
  return word == words.end() ? std::string_view() : word->text;
}

/// The value of an option in JSON: an enumeration by its word, an empty optional as null.
template <typename Row, typename Value>
[[nodiscard]] Json option_value(const Row& row, const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    const auto text = text_of(row.words, value);
    return text.empty() ? Json() : Json(text);
  } else if constexpr (std::is_same_v<Value, std::optional<int>>) {
    return value ? Json(*value) : Json();
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    return value.native();
  } else if constexpr (std::is_same_v<Value, transnet::Device>) {
    return value.to_string();
  } else if constexpr (std::is_constructible_v<Json, Value>) {
    return value;
  } else {
    return nullptr;  // a callback
  }
}

/// The options that can change at least the named results, with their names and values.
template <typename Options>
[[nodiscard]] Json option_values(const Options& options, transnet::Affects least) {
  Json values = Json::object();
  transnet::for_each_option(options, [&](const auto& row, const auto& value) {
    if (row.affects >= least) values[std::string(row.name)] = option_value(row, value);
  });
  return values;
}

}  // namespace command
