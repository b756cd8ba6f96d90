// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>

#include "io/protected_files.hpp"
#include "options/command_line.hpp"
#include "run/exit_status.hpp"

namespace command {

/// Runs a subcommand after its command line was found valid. `files` protects the configuration file; the run must
/// protect all other files that it reads before it claims its outputs.
using Run = std::function<ExitStatus(const std::stop_token& stop, ProtectedFiles& files)>;

/// The subcommand that the user has chosen.
struct Choice {
  /// Checks the options together, completes them and sets `run`; its exceptions are bad usage. It is called once, when
  /// all options have their values: a command line is parsed twice if a configuration file or a preset has values too.
  std::function<void()> settle;
  Run run;
};

// Each declares one subcommand; if the user chooses it, parsing sets `settle`.
void add_shots(CLI::App& app, Choice& choice);
void add_clips(CLI::App& app, Choice& choice);
void add_predict(CLI::App& app, Choice& choice);
void add_scenes(CLI::App& app, Choice& choice);
void add_frames(CLI::App& app, Choice& choice);
void add_split(CLI::App& app, Choice& choice);
void add_sweep(CLI::App& app, Choice& choice);
void add_eval(CLI::App& app, Choice& choice);
void add_sheet(CLI::App& app, Choice& choice);
void add_report(CLI::App& app, Choice& choice);
void add_worker(CLI::App& app, Choice& choice);
void add_model(CLI::App& app, Choice& choice);
void add_doctor(CLI::App& app, Choice& choice);
/// `completion`, and the hidden subcommand that writes completion scripts and manual pages for packages. `app` is the
/// program.
void add_completion(CLI::App& app, Choice& choice);

}  // namespace command
