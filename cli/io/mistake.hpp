// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "formats/json_text.hpp"

/// Places and numbers of foreign lists.
namespace command {

/// A mistake in a file; the message names the line or the entry but not the file.
class Mistake : public std::runtime_error {
 public:
  Mistake(const std::string& place, const std::string& reason) : std::runtime_error(place + ": " + reason) {}
};

/// "line 7".
[[nodiscard]] std::string line_place(std::size_t line);

/// @throws Mistake unless the text is a frame number.
[[nodiscard]] std::int64_t frame_in(const std::string& place, std::string_view text);
/// A number without a fraction, even if it is written with one. @throws Mistake unless it is a frame number.
[[nodiscard]] std::int64_t frame_of(const std::string& place, const Json& json);
/// @throws Mistake if the object lacks the member or it is no frame number.
[[nodiscard]] std::int64_t frame_of(const std::string& place, const Json& object, const char* name);
/// @throws Mistake if it is no array.
[[nodiscard]] const Json& array_of(const std::string& place, const Json& object, const char* name);

}  // namespace command
