// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "commands/subcommands.hpp"
#include "formats/text.hpp"
#include "help/help_text.hpp"
#include "help/parsed_command.hpp"
#include "help/suggestion.hpp"
#include "io/output.hpp"
#include "io/protected_files.hpp"
#include "options/command_words.hpp"
#include "options/configuration.hpp"
#include "options/option_text.hpp"
#include "run/console.hpp"
#include "run/exit_status.hpp"
#include "run/interruption.hpp"
#include "transnet/ffmpeg_info.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/version.hpp"

namespace command {
namespace {

/// A process can start with closed standard streams. The next opened file would get such a number, and results or
/// messages would be written to it.
void reserve_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    // Results without a destination are an error, so standard output refuses writes; messages may get lost.
    ::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

/// The versions of the program and its libraries, and the packager's note; programs that look for a version read the
/// first line.
std::string version_text() {
  auto text = std::string("transnet ") + transnet::version();
  for (const auto& library : transnet::ffmpeg_libraries()) text += "\n" + library.name + " " + library.version;
  constexpr std::string_view note = TRANSNET_PACKAGE_NOTE;  // NOLINT(readability-redundant-string-init): may be ""
  if (!note.empty()) text.append("\n").append(note);
  return text;
}

/// The first argument of `app` itself that looks like an option but is unknown. Empty: none.
std::string unknown_option(const CLI::App& app) {
  const auto remaining = app.remaining();
  const auto found = std::ranges::find_if(remaining, [](const auto& word) { return word.starts_with('-'); });
  return found != remaining.end() ? *found : "";
}

/// The help of the subcommand that the user has chosen.
std::string help_of_chosen(const CLI::App& app) {
  auto command = describe(app);
  for (const auto* chosen = &app; !chosen->get_subcommands().empty();) {
    chosen = chosen->get_subcommands().front();
    const auto below = std::ranges::find(command.commands, chosen->get_name(),
                                         [](const CommandDescription& one) { return one.names.back(); });
    if (below == command.commands.end()) break;  // hidden
    command = CommandDescription(*below);
  }
  return help_text(command);
}

std::vector<std::string> option_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

std::vector<std::string> subcommand_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const auto* subcommand : shown_subcommands(app)) words.push_back(subcommand->get_name());
  return words;
}

/// "; use '...'" if other words do here what the unknown option does elsewhere; otherwise the nearest option.
std::string advice_on_option(const CLI::App& chosen, const std::string& option) {
  const auto known = option_words(chosen);
  const auto name = option.substr(0, option.find('='));
  if (name == "-i" || name == "--input") {
    return chosen.get_parent() == nullptr ? "; use 'transnet shots VIDEO'" : "; name files without an option";
  }
  const auto here = counterpart_of(name);
  if (std::ranges::find(known, here.substr(0, here.find(' '))) != known.end()) return fmt::format("; use '{}'", here);
  return did_you_mean(name, known);
}

/// The same for a word that is no subcommand. A name of a file most likely lacks `shots`.
std::string advice_on_subcommand(const CLI::App& chosen, const std::string& word) {
  if (chosen.get_parent() == nullptr) {
    std::error_code ignored;
    if (const auto here = counterpart_of(word); !here.empty()) return fmt::format("; use '{}'", here);
    if (std::filesystem::exists(word, ignored)) return fmt::format("; use 'transnet shots {}'", word);
  }
  return did_you_mean(word, subcommand_words(chosen));
}

/// CLI11's text about an option that is given too often is about arguments.
std::string in_our_words(const std::string& message) {
  const auto reason = message.find(": At Most 1 required but received");
  return reason == std::string::npos ? message : message.substr(0, reason) + " can be given once";
}

int bad_usage(const CLI::App& app, const std::filesystem::path& configuration_file, std::string message) {
  auto command = app.get_name();
  const auto* chosen = &app;
  while (unknown_option(*chosen).empty() && !chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
    // A hidden subcommand has no help of its own.
    if (!chosen->get_group().empty()) command += " " + chosen->get_name();
  }
  // CLI11 checks for missing parts first and then only says that a subcommand is required.
  if (const auto option = unknown_option(*chosen); !option.empty()) {
    message = "'" + option + "' is not an option of '" + command + "'" + advice_on_option(*chosen, option);
  } else if (chosen->get_require_subcommand_min() > 0 && !chosen->remaining().empty()) {
    const auto word = chosen->remaining().front();
    message = "'" + word + "' is not a subcommand of '" + command + "'" + advice_on_subcommand(*chosen, word);
  } else if (const auto words = chosen->remaining(); std::ranges::any_of(words, is_marked)) {
    message = "'" + without_mark(*std::ranges::find_if(words, is_marked)) + "' is one file too many";
  }
  spdlog::error("{}", printable(message));
  const auto& file = configuration_file.native();
  spdlog::info("see '{} --help'{}", command, file.empty() ? "" : "; the options in " + printable(file) + " also apply");
  return static_cast<int>(ExitStatus::bad_usage);
}

int run_command(std::span<char*> words) {
  CLI::App app("Find the shots of videos, and turn them into clips.", "transnet");
  app.set_version_flag("--version", version_text);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 all complete, 1 any failed, 2 bad usage, 3 none failed, any "
      "partial (read up to an error).");
  Choice chosen;
  add_shots(app, chosen);
  add_clips(app, chosen);
  add_predict(app, chosen);
  add_scenes(app, chosen);
  add_frames(app, chosen);
  add_split(app, chosen);
  add_sweep(app, chosen);
  add_eval(app, chosen);
  add_sheet(app, chosen);
  add_report(app, chosen);
  add_worker(app, chosen);
  add_model(app, chosen);
  add_doctor(app, chosen);
  add_completion(app, chosen);
  add_config_options(app);

  Configuration configuration;
  Interruption interruption;
  try {
    configuration.parse(app, words_for_parser(app, words));
    chosen.settle();
    if (configuration.is_asked_for(app)) {
      Output().write(configuration.text(app));
      return static_cast<int>(ExitStatus::complete);
    }
    ProtectedFiles files;
    files.protect(configuration.file());
    return static_cast<int>(chosen.run(interruption.token(), files));
  } catch (const CLI::CallForHelp&) {
    Output().write(help_of_chosen(app));
    return static_cast<int>(ExitStatus::complete);
  } catch (const CLI::CallForVersion& version) {
    Output().write(version.what() + std::string("\n"));
    return static_cast<int>(ExitStatus::complete);
  } catch (const CLI::ArgumentMismatch& error) {
    return bad_usage(app, configuration.file(), in_our_words(error.what()));
  } catch (const CLI::ParseError& error) {
    return bad_usage(app, configuration.file(), error.what());
  } catch (const UsageError& error) {
    return bad_usage(app, configuration.file(), error.what());
  } catch (const std::exception& error) {
    if (interruption.signal() != 0) return 128 + interruption.signal();
    spdlog::error("{}", printable(with_option_names(error.what())));
    return static_cast<int>(ExitStatus::failed);
  }
}

}  // namespace

int run(std::span<char*> words) {
  reserve_standard_descriptors();
  // A closed pipe and a file size limit should be errors of the write, with a message.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    set_up_log();
    transnet::silence_ffmpeg_log();
    // SVT-AV1 has a log of its own on standard error, and no option for it. There are no threads yet.
    ::setenv("SVT_LOG", "0", /*overwrite=*/0);  // NOLINT(concurrency-mt-unsafe)
    return run_command(words);
  } catch (const std::exception& error) {  // for example, standard output does not take the help
    spdlog::error("{}", printable(error.what()));
    return static_cast<int>(ExitStatus::failed);
  }
}

}  // namespace command
