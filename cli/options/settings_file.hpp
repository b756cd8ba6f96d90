// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The plain content of a configuration file, without its meaning for the command.
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

/// `[name]`, or the top level of the file.
struct SettingTable {
  std::string name;
  int line = 0;
  std::vector<Setting> settings;     ///< in the order of their lines, like the tables
  std::vector<SettingTable> tables;  ///< below this table
};

/// Throws UsageError "settings.toml:3: message".
[[noreturn]] void refuse_setting(const std::filesystem::path& file, int line, const std::string& message);

/// @throws UsageError that names file and line if it is not TOML or holds a value that no option takes; transnet::Error
/// if the file cannot be read.
[[nodiscard]] SettingTable read_settings(const std::filesystem::path& file);

}  // namespace command
