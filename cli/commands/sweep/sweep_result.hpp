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

/// What is found at one threshold.
struct SweepRow {
  double threshold = 0.0;
  std::int64_t transitions = 0;
  std::int64_t shots = 0;
  std::int64_t clips = 0;
};

/// What is found in a video at every threshold; no row where it failed.
struct SweptVideo {
  std::string video;
  transnet::Status status = transnet::Status::complete;
  std::optional<transnet::Failure> failure;
  std::int64_t frame_count = 0;
  double framerate = 0.0;
  std::vector<SweepRow> rows;
  std::vector<std::string> warnings;
};

/// The thresholds from `from` to `to`, every `step`, each the number that its decimal notation is read as.
/// @throws std::invalid_argument where they are none or too many.
[[nodiscard]] std::vector<double> thresholds_between(double from, double to, double step);

/// Decides at every threshold, which are ascending, as `find_clips` with the other `options`.
/// @throws transnet::Error as `find_clips`.
[[nodiscard]] SweptVideo sweep(const transnet::VideoPredictions& predictions, const transnet::DecisionOptions& options,
                               std::span<const double> thresholds);

/// Adds the rows of one more video to a sum, which is empty at first.
void add_rows(std::span<const SweepRow> rows, std::vector<SweepRow>& sum);

/// Neighbouring thresholds with the same number of transitions: the choice among them matters least.
struct Plateau {
  std::size_t first_row = 0;
  std::size_t last_row = 0;
};

/// The widest one, the first of those that are equally wide; empty where no two neighbours are alike. Where nothing is
/// found any more is none, unless nothing is found anywhere.
[[nodiscard]] std::optional<Plateau> widest_plateau(std::span<const SweepRow> rows);

}  // namespace command
