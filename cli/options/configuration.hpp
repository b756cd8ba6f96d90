// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "options/settings_file.hpp"

namespace command {

/// The innermost chosen subcommand; `app` itself if none was chosen.
[[nodiscard]] CLI::App& chosen_command(CLI::App& app);

/// Adds `--config` and `--print-config` to every subcommand with an option that a configuration file can set.
void add_config_options(CLI::App& app);

/// The options of a run. The command line wins over a configuration file, and the file over the defaults. A preset's
/// values are as near as the preset, but farther than the other values that stand beside it.
///
/// The values of a file or a preset become the defaults of the options, after the same checks. Only the command line
/// counts as given, so an option from there does not contradict an option that excludes it.
class Configuration {
 public:
  /// Parses `words`, last one first, after the file that they or $TRANSNET_CONFIG name.
  /// @throws UsageError that names file and line, transnet::Error if the file cannot be read, and as CLI::App::parse.
  void parse(CLI::App& app, const std::vector<std::string>& words);

  /// Whether the user asks for the configuration instead of a run.
  [[nodiscard]] bool is_asked_for(CLI::App& app) const;

  /// The chosen subcommand's options with their values, as a configuration file.
  /// @throws UsageError if such a file cannot hold a value.
  [[nodiscard]] std::string text(CLI::App& app) const;

  /// Empty: none.
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

 private:
  void apply(CLI::App& command);
  void use_preset(CLI::App& command);
  void collect(const SettingTable& table, CLI::App& app, bool is_chosen);
  void set(CLI::App& command, CLI::Option& option, const Setting& setting) const;
  [[nodiscard]] std::vector<std::string> values_of(const CLI::App& command, const CLI::Option& option) const;

  std::filesystem::path file_;
  std::map<const CLI::Option*, Setting> settings_;  // of the chosen subcommand
};

}  // namespace command
