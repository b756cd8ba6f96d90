// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>

#include "commands/subcommands.hpp"
#include "help/completion.hpp"
#include "help/manual.hpp"
#include "help/parsed_command.hpp"
#include "io/output.hpp"
#include "options/output_options.hpp"
#include "transnet/version.hpp"

namespace command {
namespace {

namespace fs = std::filesystem;

void write_share_file(const fs::path& file, const std::string& text) {
  Output output(file);
  output.write(text);
  output.commit();
}

/// Writes the files where shells and man(1) look for them, below a prefix's share/.
ExitStatus write_share_files(const fs::path& folder, const CommandDescription& program) {
  write_share_file(folder / "bash-completion" / "completions" / "transnet", bash_completion(program));
  write_share_file(folder / "zsh" / "site-functions" / "_transnet", zsh_completion(program));
  write_share_file(folder / "fish" / "vendor_completions.d" / "transnet.fish", fish_completion(program));
  for (const auto& page : manual_pages(program, transnet::version())) {
    write_share_file(folder / "man" / "man1" / page.file_name, page.text);
  }
  return ExitStatus::complete;
}

ExitStatus write_completion(Shell shell, const CommandDescription& program) {
  auto text = bash_completion(program);
  if (shell == Shell::zsh) text = zsh_completion(program);
  if (shell == Shell::fish) text = fish_completion(program);
  Output().write(text);
  return ExitStatus::complete;
}

}  // namespace

void add_completion(CLI::App& app, Choice& choice) {
  auto& completion =
      add_subcommand(app, "completion", "Print a script that completes the words of transnet in a shell");
  const auto shell = std::make_shared<Shell>(Shell::bash);
  add_shell_argument(completion, *shell);
  when_chosen(completion, choice.settle, [&app, shell, &choice] {
    choice.run = [&app, shell](const std::stop_token&, ProtectedFiles&) {
      return write_completion(*shell, describe(app));
    };
  });

  // Only the build of packages uses it, so the help does not show it.
  auto& share_files = add_subcommand(app, "share-files", "Write completion scripts and manual pages");
  hide(share_files);
  const auto folder = std::make_shared<fs::path>();
  add_folder_argument(share_files, *folder);
  when_chosen(share_files, choice.settle, [&app, folder, &choice] {
    choice.run = [&app, folder](const std::stop_token&, ProtectedFiles&) {
      return write_share_files(*folder, describe(app));
    };
  });
}

}  // namespace command
