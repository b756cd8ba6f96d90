// SPDX-License-Identifier: Apache-2.0
#include "io/json_input.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <utility>

namespace command {
namespace {

[[noreturn]] void refuse_line(std::size_t line) { throw JsonMistake(fmt::format("line {}: not JSON", line)); }

std::size_t line_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

/// A discarded value unless the text is JSON.
Json parse_or_discard(const std::string& text) { return Json::parse(text, is_shallow, /*allow_exceptions=*/false); }

std::vector<Json> parse_lines(const std::string& text) {
  std::vector<Json> documents;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty()) continue;
    auto document = parse_or_discard(line);
    if (document.is_discarded()) refuse_line(number);
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace

bool is_shallow(int depth, Json::parse_event_t /*event*/, const Json& /*value*/) {
  constexpr int most_levels = 32;
  if (depth > most_levels) throw JsonMistake("its JSON is nested too deeply");
  return true;
}

Json parse_json(const std::string& text, const Json::parser_callback_t& callback) {
  try {
    return Json::parse(text, callback);
  } catch (const Json::parse_error& error) {
    refuse_line(line_of(text, error.byte));
  } catch (const Json::out_of_range&) {
    throw JsonMistake("its JSON has a number that is too large");
  }
}

std::vector<Json> parse_json_documents(const std::string& text) {
  try {
    auto document = parse_json(text);
    if (document.is_array()) return document.get<std::vector<Json>>();
    return {std::move(document)};
  } catch (const JsonMistake&) {
    // A mistake in one value over several lines must not be reported as one in its first line.
    if (parse_or_discard(text.substr(0, text.find('\n'))).is_discarded()) throw;
  }
  return parse_lines(text);
}

std::optional<std::int64_t> whole_number(const Json& json) {
  constexpr double most = 1LL << 53;
  const double value = json.is_number() ? json.get<double>() : most + 2.0;
  if (!(std::abs(value) <= most) || value != std::floor(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace command
