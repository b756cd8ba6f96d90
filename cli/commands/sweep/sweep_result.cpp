// SPDX-License-Identifier: Apache-2.0
#include "commands/sweep/sweep_result.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace command {
namespace {

constexpr double most_thresholds = 1000.0;

SweepRow row_of(double threshold, const transnet::VideoClips& found) {
  return {threshold, std::ssize(found.transitions), std::ssize(found.shots), std::ssize(found.clips)};
}

}  // namespace

std::vector<double> thresholds_between(double from, double to, double step) {
  // Sums of steps would give numbers such as 0.15000000000000002.
  constexpr double digits = 1e9;
  const double steps = std::floor((to - from) / step + 1.0 / digits);
  if (!(step > 0.0) || !(steps >= 0.0) || steps >= most_thresholds) {
    throw std::invalid_argument(fmt::format("from {} to {} in steps of {} must give 1 to {} thresholds", from, to, step,
                                            static_cast<int>(most_thresholds)));
  }
  std::vector<double> thresholds;
  for (int i = 0; i <= static_cast<int>(steps); ++i) {
    thresholds.push_back(std::round((from + i * step) * digits) / digits);
  }
  return thresholds;
}

SweptVideo sweep(const transnet::VideoPredictions& predictions, const transnet::DecisionOptions& options,
                 std::span<const double> thresholds) {
  SweptVideo video{.video = predictions.video,
                   .status = predictions.status,
                   .failure = predictions.failure,
                   .frame_count = std::ssize(predictions.single),
                   .framerate = predictions.timeline.framerate(),
                   .analysed = predictions.analysed,
                   .rows = {},
                   .warnings = predictions.warnings};
  // Warnings that depend on the threshold, such as "no clip", are left out: the rows show the counts.
  std::ranges::copy(validate(options), std::back_inserter(video.warnings));
  auto at_threshold = options;
  for (const double threshold : thresholds) {
    at_threshold.threshold = threshold;
    video.rows.push_back(row_of(threshold, find_clips(predictions, at_threshold)));
  }
  return video;
}

void add_rows(std::span<const SweepRow> rows, std::vector<SweepRow>& sum) {
  if (rows.empty()) return;
  if (sum.empty()) {
    sum.assign(rows.begin(), rows.end());
    return;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sum[i].transitions += rows[i].transitions;
    sum[i].shots += rows[i].shots;
    sum[i].clips += rows[i].clips;
  }
}

std::optional<Plateau> widest_plateau(std::span<const SweepRow> rows) {
  const bool is_anything_found = std::ranges::any_of(rows, [](const SweepRow& row) { return row.transitions > 0; });
  const auto width = [rows](const Plateau& plateau) {
    return rows[plateau.last_row].threshold - rows[plateau.first_row].threshold;
  };
  // Two plateaus with the same number of steps can differ in the last digits of their width.
  constexpr double alike = 1e-9;
  std::optional<Plateau> widest;
  for (std::size_t first = 0, last = 0; first < rows.size(); first = last + 1) {
    last = first;
    while (last + 1 < rows.size() && rows[last + 1].transitions == rows[first].transitions) ++last;
    const Plateau plateau{first, last};
    if (last == first || (rows[first].transitions == 0 && is_anything_found)) continue;
    if (!widest || width(plateau) > width(*widest) + alike) widest = plateau;
  }
  return widest;
}

}  // namespace command
