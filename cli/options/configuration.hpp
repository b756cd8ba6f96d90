// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "options/settings_file.hpp"

namespace command {

/// The subcommand that was chosen, the innermost; `app` itself where none was.
[[nodiscard]] CLI::App& chosen_command(CLI::App& app);

/// Adds `--config` and `--print-config` to every subcommand that a configuration file can set an option of.
void add_config_options(CLI::App& app);

/// The options of a run: those of the command line, then those of a configuration file, then the defaults.
///
/// A file's values become the defaults of the options, through the same checks. What counts as given is the command
/// line alone, so an option of a file does not contradict one that excludes it.
class Configuration {
 public:
  /// Parses `words`, last one first, after the file that they or $TRANSNET_CONFIG name.
  /// @throws UsageError that names file and line, transnet::Error where the file cannot be read, as CLI::App::parse.
  void parse(CLI::App& app, const std::vector<std::string>& words);

  /// Whether the configuration is asked for, instead of the run.
  [[nodiscard]] bool is_asked_for(CLI::App& app) const;

  /// The chosen subcommand's options with their values, as a file that would set them.
  /// @throws UsageError where a value cannot stand in such a file.
  [[nodiscard]] std::string text(CLI::App& app) const;

  /// Empty: there is none.
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

 private:
  void apply(CLI::App& app);
  void collect(const SettingTable& table, CLI::App& app, bool is_chosen);
  void set(CLI::App& command, CLI::Option& option, const Setting& setting) const;
  [[nodiscard]] std::vector<std::string> values_of(const CLI::App& command, const CLI::Option& option) const;

  std::filesystem::path file_;
  std::map<const CLI::Option*, Setting> settings_;  // of the chosen subcommand
};

}  // namespace command
