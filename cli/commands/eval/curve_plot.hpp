// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "commands/eval/evaluated_video.hpp"

namespace command {

/// The scores of a video, or of many, at many thresholds.
struct CurvePlot {
  std::string title;
  std::vector<ScoresAtThreshold> scores;
};

/// Draws precision over recall, for all transitions, cuts and gradual ones: a plot for each title and rule, one below
/// the other, as SVG for light and dark pages. The threshold with the best F1 is marked.
[[nodiscard]] std::string draw_curves(std::span<const CurvePlot> plots);

}  // namespace command
