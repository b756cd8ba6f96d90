// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/timeline.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Sums of time stamps have rounding errors far below any time base; without this tolerance a piece that fits exactly
/// would lose its last frame.
inline constexpr double rounding_s = 1e-6;

/// `get_filtered_scenes` for a video of variable frame rate: the same steps, but lengths are times, and every boundary
/// is a real frame. A clip is never longer than the maximum; a frame that is itself longer is left out.
[[nodiscard]] SceneRows get_timed_filtered_scenes(SceneRows scenes, const Timeline& timeline,
                                                  const DecisionOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
