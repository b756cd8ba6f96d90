// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "formats/json_text.hpp"

/// JSON of foreign files.
namespace command {

/// The text is not JSON that can be read; the message names the line where it is known, but not the file.
class JsonMistake : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A callback for `Json::parse`. Copying and writing a JSON value take stack for each level, and no format has many
/// levels. @throws JsonMistake for more.
bool is_shallow(int depth, Json::parse_event_t event, const Json& value);

/// @throws JsonMistake.
[[nodiscard]] Json parse_json(const std::string& text, const Json::parser_callback_t& callback = is_shallow);

/// The elements of an array, the values of lines of JSON, or one value. @throws JsonMistake.
[[nodiscard]] std::vector<Json> parse_json_documents(const std::string& text);

/// Nothing unless the value is a number without a fraction, even if it is written with one, of at most 2^53: a double
/// holds each one.
[[nodiscard]] std::optional<std::int64_t> whole_number(const Json& json);

}  // namespace command
