// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "commands/sweep/sweep_result.hpp"

namespace command {

/// One plot: what is found over the thresholds.
struct Plot {
  std::string title;
  std::vector<SweepRow> rows;
};

/// Plots below each other as SVG that reads on a light and on a dark page.
[[nodiscard]] std::string draw(std::span<const Plot> plots);

}  // namespace command
