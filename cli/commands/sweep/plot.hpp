// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "commands/sweep/sweep_result.hpp"

namespace command {

/// One plot: counts by threshold.
struct Plot {
  std::string title;
  std::vector<SweepRow> rows;
};

/// Draws the plots one below the other, as SVG for light and dark pages.
[[nodiscard]] std::string draw(std::span<const Plot> plots);

}  // namespace command
