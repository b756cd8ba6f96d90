#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <utility>

namespace command {

CLI::App& add_subcommand(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help);
}

CLI::App& add_subcommand_group(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help)->require_subcommand(1);
}

void hide(CLI::App& subcommand) { subcommand.group(""); }

void when_chosen(CLI::App& subcommand, std::function<void()> action) { subcommand.final_callback(std::move(action)); }

bool is_given(const CLI::App& app, const std::string& option) { return app.get_option(option)->count() > 0; }

void refuse(const std::string& option, const std::string& reason) { throw CLI::ValidationError(option, reason); }

void refuse_given(const CLI::App& app, std::initializer_list<const char*> options, const std::string& reason) {
  for (const auto* option : options) {
    if (is_given(app, option)) refuse(option, reason);
  }
}

}  // namespace command
