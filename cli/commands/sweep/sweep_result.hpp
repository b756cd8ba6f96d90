// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

/// The counts at one threshold.
struct SweepRow {
  double threshold = 0.0;
  std::int64_t transitions = 0;
  std::int64_t shots = 0;
  std::int64_t clips = 0;
};

/// The counts of a video at every threshold; no rows if it failed.
struct SweptVideo {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  std::int64_t frame_count = 0;
  double framerate = 0.0;
  std::optional<transnet::TimeSpan> analysed;  // as in `VideoPredictions`
  std::vector<SweepRow> rows;
  std::vector<std::string> warnings;
};

/// The thresholds from `from` to `to` in steps of `step`, each equal to its decimal notation.
/// @throws std::invalid_argument if there are none or too many.
[[nodiscard]] std::vector<double> thresholds_between(double from, double to, double step);

/// Decides at every threshold (they are ascending) as `find_clips` with the other `options`.
/// @throws transnet::Error as `find_clips`.
[[nodiscard]] SweptVideo sweep(const transnet::VideoPredictions& predictions, const transnet::DecisionOptions& options,
                               std::span<const double> thresholds);

/// Adds the rows of one more video to a sum that starts empty.
void add_rows(std::span<const SweepRow> rows, std::vector<SweepRow>& sum);

/// Neighbouring thresholds with the same number of transitions: the choice between them matters least.
struct Plateau {
  std::size_t first_row = 0;
  std::size_t last_row = 0;
};

/// The widest plateau, the first one of equal width; empty if no two neighbours have the same count. Thresholds with no
/// transitions don't count as a plateau, unless all have none.
[[nodiscard]] std::optional<Plateau> widest_plateau(std::span<const SweepRow> rows);

}  // namespace command
