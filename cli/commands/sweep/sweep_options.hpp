// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/sweep/sweep_report.hpp"
#include "options/command_line.hpp"

namespace command {

/// The thresholds to try, and the output format.
struct SweepRequest {
  double from = 0.1;
  double to = 0.9;
  double step = 0.05;
  std::vector<double> thresholds;  ///< ascending; empty = from the three values above
  std::optional<SweepFormat> format;
};

/// `--thresholds`: ascending, each once.
void add_thresholds_option(CLI::App& app, std::vector<double>& thresholds, const std::string& help);

/// `--from`, `--to`, `--step`, `--thresholds`, `--format`. Call `finish_sweep_options` after parsing.
void add_sweep_options(CLI::App& app, SweepRequest& request);

/// Sets the thresholds. @throws CLI::ValidationError.
void finish_sweep_options(const CLI::App& app, SweepRequest& request);

/// The requested format, or the one that the file name's ending means. @throws UsageError if it means none.
[[nodiscard]] SweepFormat sweep_format(const SweepRequest& request, const std::string& file);

}  // namespace command
