// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

// CLI11 is a header that takes seconds to compile: only sources that declare options see more of it than these names.
namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
class Option;
}  // namespace CLI

/// What subcommands ask of the command line, whose options are in `options.hpp`.
namespace command {

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help);

/// One that has subcommands itself and needs one of them.
CLI::App& add_subcommand_group(CLI::App& app, const std::string& name, const std::string& help);

/// The help does not show it.
void hide(CLI::App& subcommand);

/// `action` is called where the user chose `subcommand`, once its options are parsed; what it throws is bad usage.
void when_chosen(CLI::App& subcommand, std::function<void()> action);

/// Options as they are given: "--threshold".
using OptionNames = std::vector<std::string>;

/// The options that `add` declares.
[[nodiscard]] OptionNames names_of_added(CLI::App& app, const std::function<void()>& add);

/// Whether the command line itself names it, and neither a configuration file nor a variable of the environment.
[[nodiscard]] bool is_given(const CLI::App& app, const std::string& option);

/// @throws CLI::ValidationError, which is bad usage.
[[noreturn]] void refuse(const std::string& option, const std::string& reason);

/// @throws CLI::ValidationError where one of `options` `is_given`.
void refuse_given(const CLI::App& app, const OptionNames& options, const std::string& reason);

}  // namespace command
