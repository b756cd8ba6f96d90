// SPDX-License-Identifier: Apache-2.0
#include "io/run_settings.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

#include "formats/option_values.hpp"

namespace command {
namespace {

constexpr const char* sha256_key = "sha256";
constexpr const char* file_key = "file";

bool is_content(const Json& setting) { return setting.is_object() && setting.contains(sha256_key); }

std::string text_of(const Json& setting) {
  if (is_content(setting)) return setting.value(file_key, "");
  if (setting.is_array() && !setting.empty()) {
    std::string text;
    for (const auto& element : setting) text += (text.empty() ? "" : " ") + text_of(element);
    return text;
  }
  const bool is_empty_text = setting.is_string() && setting.get_ref<const std::string&>().empty();
  if (setting.is_null() || setting.empty() || is_empty_text) return "not given";
  if (setting.is_boolean()) return setting.get<bool>() ? "on" : "off";
  return setting.is_string() ? setting.get<std::string>() : to_line(setting);
}

/// The option of a setting, whose name is mostly the option's.
std::string option_of(std::string_view name) {
  if (name == "version") return "transnet";
  if (name == "start-s") return "--start";
  if (name == "end-s") return "--end";
  if (name == "second-look") return "--profile accurate";
  if (name == "list-what") return "--what";
  return fmt::format("--{}", name);
}

std::optional<std::string> difference(const std::string& name, const Json& before, const Json& now);

std::optional<std::string> difference_of_objects(const std::string& prefix, const Json& before, const Json& now) {
  std::set<std::string> names;
  for (const auto& [name, value] : now.items()) names.insert(name);
  for (const auto& [name, value] : before.items()) names.insert(name);
  for (const auto& name : names) {
    const auto value = [&name](const Json& of) { return of.contains(name) ? of.at(name) : Json(); };
    const bool is_option = prefix.empty() || prefix == "--format-options";
    const auto shown = is_option ? option_of(word_of(name)) : fmt::format("{}: {}", prefix, name);
    if (prefix.empty() && name == "model" && to_line(value(before)) != to_line(value(now))) return "another network";
    if (auto found = difference(shown, value(before), value(now))) return found;
  }
  return std::nullopt;
}

std::optional<std::string> difference(const std::string& name, const Json& before, const Json& now) {
  if (is_content(before) && is_content(now)) {
    if (before.at(sha256_key) == now.at(sha256_key)) return std::nullopt;
    if (before.value(file_key, "") == now.value(file_key, "")) {
      return fmt::format("the content of {} has changed", now.value(file_key, ""));
    }
  } else if (before.is_object() && now.is_object()) {
    return difference_of_objects(name, before, now);
  } else if (before.is_array() && now.is_array() && before.size() == now.size()) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (auto found = difference(name, before[i], now[i])) return found;
    }
    return std::nullopt;
  } else if (to_line(before) == to_line(now)) {
    return std::nullopt;
  }
  return fmt::format("{} {}, now {}", name, text_of(before), text_of(now));
}

}  // namespace

Json content_setting(const std::filesystem::path& file, const std::string& sha256) {
  return {{file_key, file.native()}, {sha256_key, sha256}};
}

std::optional<std::string> settings_difference(const Json& before, const Json& now) {
  if (!before.is_object()) return "other options";
  return difference_of_objects("", before, now);
}

}  // namespace command
