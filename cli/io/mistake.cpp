// SPDX-License-Identifier: Apache-2.0
#include "io/mistake.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <system_error>

#include "io/json_input.hpp"
#include "transnet/evaluation.hpp"

namespace command {

std::string line_place(std::size_t line) { return fmt::format("line {}", line); }

std::int64_t frame_in(const std::string& place, std::string_view text) {
  std::int64_t frame = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frame);
  if (error != std::errc{} || end != text.data() + text.size() || frame < 0 || frame > transnet::most_frame_number) {
    throw Mistake(place, fmt::format("expected a frame number, found '{:.80}'", text));
  }
  return frame;
}

std::int64_t frame_of(const std::string& place, const Json& json) {
  // ClipShots writes its frame counts as 3561.0.
  const auto frame = whole_number(json);
  if (!frame || *frame < 0 || *frame > transnet::most_frame_number) {
    throw Mistake(place, fmt::format("expected a frame number, found {:.80}", to_line(json)));
  }
  return *frame;
}

std::int64_t frame_of(const std::string& place, const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Mistake(place, fmt::format("there is no \"{}\"", name));
  return frame_of(fmt::format("{}, \"{}\"", place, name), *found);
}

const Json& array_of(const std::string& place, const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Mistake(place, fmt::format("there is no \"{}\"", name));
  if (!found->is_array()) throw Mistake(place, fmt::format("\"{}\" is not an array", name));
  return *found;
}

}  // namespace command
