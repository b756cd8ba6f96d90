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

// Each declares one subcommand; if the user chooses it, parsing sets `run`.
void add_shots(CLI::App& app, Run& run);
void add_clips(CLI::App& app, Run& run);
void add_predict(CLI::App& app, Run& run);
void add_scenes(CLI::App& app, Run& run);
void add_frames(CLI::App& app, Run& run);
void add_split(CLI::App& app, Run& run);
void add_sweep(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_sheet(CLI::App& app, Run& run);
void add_report(CLI::App& app, Run& run);
void add_worker(CLI::App& app, Run& run);
void add_model(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
/// `completion`, and the hidden subcommand that writes completion scripts and manual pages for packages. `app` is the
/// program.
void add_completion(CLI::App& app, Run& run);

}  // namespace command
