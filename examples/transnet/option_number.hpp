#pragma once

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <string>
#include <system_error>
#include <type_traits>

namespace command {

/// Stricter than CLI11's own conversion, which takes "" for 0 and cuts a number that is too large.
template <typename T>
T parse_number(const std::string& option, const std::string& text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) {
    const auto* kind = std::is_integral_v<T> ? "whole number" : "number";
    throw CLI::ValidationError(option, fmt::format("'{}' is no {} that can be used", text, kind));
  }
  return value;
}

}  // namespace command
