// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/sweep/sweep_report.hpp"
#include "options/command_line.hpp"

namespace command {

/// Which thresholds are tried, and how the answer is written.
struct SweepRequest {
  double from = 0.1;
  double to = 0.9;
  double step = 0.05;
  std::vector<double> thresholds;  ///< ascending; empty = those three say which
  std::optional<SweepFormat> format;
};

/// `--from`, `--to`, `--step`, `--thresholds`, `--format`. Call `finish_sweep_options` once all are parsed.
void add_sweep_options(CLI::App& app, SweepRequest& request);

/// Settles the thresholds. @throws CLI::ValidationError.
void finish_sweep_options(const CLI::App& app, SweepRequest& request);

/// The format that is asked for, or that the name of the file ends in. @throws UsageError where that names none.
[[nodiscard]] SweepFormat sweep_format(const SweepRequest& request, const std::string& file);

}  // namespace command
