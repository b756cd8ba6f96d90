// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "transnet/abi.hpp"
#include "transnet/clips.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The frames of the analysed part, about which alone is decided.
/// @throws Error(invalid_argument) if the part does not lie within the video.
[[nodiscard]] FrameRange decided_frames(const VideoPredictions& predictions);

/// The transitions above the thresholds.
[[nodiscard]] std::vector<Transition> transitions_above(const VideoPredictions& predictions, double threshold,
                                                        double many_hot_threshold);

}  // namespace transnet::inline TRANSNET_ABI
