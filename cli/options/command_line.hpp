// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

// CLI11 is a header that takes seconds to compile: only sources that declare options include it.
namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
class Option;
}  // namespace CLI

/// The questions of subcommands about the command line. The files `*_options.hpp` have their options: each is declared
/// once and takes its default from the aggregate that it fills, or from its row in a table, so only the library states
/// defaults. The filled objects must outlive the parsing.
namespace command {

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help);

/// Adds a subcommand that has subcommands itself and requires one of them.
CLI::App& add_subcommand_group(CLI::App& app, const std::string& name, const std::string& help);

/// Hides the subcommand from the help.
void hide(CLI::App& subcommand);

/// Sets `settle` to `action` in parsing if the user chose `subcommand`.
void when_chosen(CLI::App& subcommand, std::function<void()>& settle, std::function<void()> action);

/// Options in their written form: "--threshold".
using OptionNames = std::vector<std::string>;

/// The options that `add` declares.
[[nodiscard]] OptionNames names_of_added(CLI::App& app, const std::function<void()>& add);

/// Whether the command line itself gives the option, not a configuration file or an environment variable.
[[nodiscard]] bool is_given(const CLI::App& app, const std::string& option);

/// @throws CLI::ValidationError, which means bad usage.
[[noreturn]] void refuse(const std::string& option, const std::string& reason);

/// @throws CLI::ValidationError if one of `options` `is_given`.
void refuse_given(const CLI::App& app, const OptionNames& options, const std::string& reason);

}  // namespace command
