#pragma once

#include <functional>
#include <initializer_list>
#include <string>

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

[[nodiscard]] bool is_given(const CLI::App& app, const std::string& option);

/// @throws CLI::ValidationError, which is bad usage.
[[noreturn]] void refuse(const std::string& option, const std::string& reason);

/// @throws CLI::ValidationError where the user gave one of `options`.
void refuse_given(const CLI::App& app, std::initializer_list<const char*> options, const std::string& reason);

}  // namespace command
