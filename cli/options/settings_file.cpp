// SPDX-License-Identifier: Apache-2.0
#include "options/settings_file.hpp"

#include <spdlog/fmt/fmt.h>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "io/open_input.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

std::string number_text(double value) {
  // Keeps the decimal point, so that an option for a whole number refuses it.
  return fmt::format("{:#}", value);
}

std::optional<SettingValue> value_of(const toml::node& node) {
  using Type = SettingValue::Type;
  if (const auto* word = node.as_string()) return SettingValue{Type::text, word->get()};
  if (const auto* flag = node.as_boolean()) return SettingValue{Type::boolean, flag->get() ? "true" : "false"};
  if (const auto* whole = node.as_integer()) return SettingValue{Type::number, std::to_string(whole->get())};
  if (const auto* real = node.as_floating_point()) return SettingValue{Type::number, number_text(real->get())};
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {}

  [[nodiscard]] SettingTable table(const std::string& name, int line, const toml::table& content) const {
    SettingTable result{.name = name, .line = line, .settings = {}, .tables = {}};
    for (auto&& [key, node] : content) {
      const std::string key_name(key.str());
      const int key_line = line_of(key.source());
      if (const auto* below = node.as_table()) {
        result.tables.push_back(table(key_name, key_line, *below));
      } else {
        result.settings.push_back(setting(key_name, key_line, node));
      }
    }
    // TOML++ sorts by name, but the first reported mistake should be the first in the file.
    std::ranges::stable_sort(result.settings, {}, &Setting::line);
    std::ranges::stable_sort(result.tables, {}, &SettingTable::line);
    return result;
  }

 private:
  [[nodiscard]] Setting setting(const std::string& key, int line, const toml::node& node) const {
    Setting result{.key = key, .line = line, .is_list = node.is_array(), .values = {}};
    const auto add = [&](const toml::node& part) {
      auto value = value_of(part);
      if (!value) refuse_setting(file_, line, "'" + key + "' has a type that no option takes");
      result.values.push_back(std::move(*value));
    };
    if (const auto* list = node.as_array()) {
      for (const auto& element : *list) add(element);
    } else {
      add(node);
    }
    return result;
  }

  const fs::path& file_;
};

}  // namespace

void refuse_setting(const fs::path& file, int line, const std::string& message) {
  throw UsageError(fmt::format("{}:{}: {}", file.native(), line, message));
}

SettingTable read_settings(const fs::path& file) {
  const auto text = read_input(file);
  try {
    return Reader(file).table("", 0, toml::parse(text));
  } catch (const toml::parse_error& error) {
    refuse_setting(file, line_of(error.source()), std::string(error.description()));
  }
}

}  // namespace command
