// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// A configuration file as it is written, whatever the command makes of it.
namespace command {

struct SettingValue {
  enum class Type { boolean, number, text };
  Type type = Type::text;
  std::string text;  ///< as a word of the command line: "true", "0.5", "jsonl"
};

/// `key = value` or `key = [values]`
struct Setting {
  std::string key;
  int line = 0;
  bool is_list = false;
  std::vector<SettingValue> values;
};

/// `[name]`, or the file itself.
struct SettingTable {
  std::string name;
  int line = 0;
  std::vector<Setting> settings;     ///< in the order of their lines, as the tables
  std::vector<SettingTable> tables;  ///< below this one
};

/// "settings.toml:3: message" as an error.
[[noreturn]] void refuse_setting(const std::filesystem::path& file, int line, const std::string& message);

/// @throws UsageError that names file and line where it is not TOML or holds what can be no option's value;
/// transnet::Error where the file cannot be read.
[[nodiscard]] SettingTable read_settings(const std::filesystem::path& file);

}  // namespace command
