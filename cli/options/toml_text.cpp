// SPDX-License-Identifier: Apache-2.0
#include "options/toml_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "formats/json_text.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

/// A number in TOML's form: the command also takes ".5" or "007".
std::string number_text(const std::string& text) {
  const auto* end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto result = std::from_chars(text.data(), end, whole); result.ec == std::errc{} && result.ptr == end) {
    return fmt::format("{}", whole);
  }
  double real = 0.0;
  std::from_chars(text.data(), end, real);
  return fmt::format("{}", real);
}

/// JSON strings are valid TOML strings, except for one character.
std::string quoted(const std::string& key, const std::string& text) {
  try {
    auto quoted = Json(text).dump();
    for (auto at = quoted.find('\x7f'); at != std::string::npos; at = quoted.find('\x7f', at)) {
      quoted.replace(at, 1, "\\u007f");
    }
    return quoted;
  } catch (const Json::type_error&) {
    throw UsageError("the value of --" + key + " is not UTF-8, but a configuration file must be");
  }
}

std::string value_text(const std::string& key, const OptionDescription& option, const std::string& value) {
  if (option.kind == ValueKind::none) return value == "false" ? "false" : "true";
  return option.kind == ValueKind::number ? number_text(value) : quoted(key, value);
}

}  // namespace

std::string toml_entry(const std::string& key, const OptionDescription& option,
                       const std::vector<std::string>& values) {
  auto entry = "\n# " + option.help + "\n";
  if (values.empty()) {
    const auto form = option.kind == ValueKind::number ? option.value_name : "\"" + option.value_name + "\"";
    return entry + "# " + key + " = " + (option.takes_many ? "[" + form + "]" : form) + "\n";
  }
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(value_text(key, option, value));
  return entry + key + " = " + (option.takes_many ? fmt::format("[{}]", fmt::join(texts, ", ")) : texts.back()) + "\n";
}

}  // namespace command
