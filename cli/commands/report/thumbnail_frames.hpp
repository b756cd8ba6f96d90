// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

/// The frames that a report shows, ascending: the middle of every shot at `threshold`, and of likely shots at lower
/// thresholds. Their number is bounded by what a page can hold.
[[nodiscard]] std::vector<std::int64_t> thumbnail_frames(const transnet::VideoPredictions& predictions,
                                                         double threshold);

}  // namespace command
