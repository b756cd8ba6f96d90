// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "transnet/shot_model.hpp"

namespace gpu_check {

/// uint8 [n, 100, 27, 48, 3]: all windows of files of 48x27 RGB24 frames, then windows of noise. Of each, only the
/// first `most_windows` if that is positive.
/// @throws transnet::Error(io) for a file without frames, Error(bad_shape) for a part of a frame.
[[nodiscard]] std::vector<std::uint8_t> read_windows(const std::vector<std::filesystem::path>& files,
                                                     std::int64_t most_windows);

/// The comparison of probabilities with the true ones.
struct Agreement {
  double single = 0.0;    ///< largest difference of the first head; infinity if one is not a number or is missing
  double many_hot = 0.0;  ///< of the second head
  int decisions = 0;      ///< frames whose decision at the threshold differs

  /// Both heads within `tolerance`, and no other decision.
  [[nodiscard]] bool holds(double tolerance) const;
};

/// A decision counts as another one if the true probability is further than `margin` from the threshold.
[[nodiscard]] Agreement compare(const transnet::ShotProbabilities& found, const transnet::ShotProbabilities& expected,
                                double threshold, double margin);

}  // namespace gpu_check
