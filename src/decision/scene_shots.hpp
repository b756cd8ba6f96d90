// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "transnet/abi.hpp"
#include "transnet/border_snap.hpp"
#include "transnet/clips.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/scene_rows.hpp"
#include "transnet/timeline.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The scenes and the shots between transitions; both have the same number.
struct SceneShots {
  SceneRows scenes;
  std::vector<TimeSpan> shots;
};

[[nodiscard]] SceneShots scene_shots_of(const std::vector<Transition>& transitions, const VideoPredictions& predictions,
                                        const DecisionOptions& options);

/// The times of scenes, whose rows have the last frame of each. `frames`: about which is decided.
[[nodiscard]] std::vector<TimeSpan> spans_of(const SceneRows& scenes, const FrameRange& frames,
                                             const Timeline& timeline);

/// Moves borders to given frames. Both scenes beside such a border meet there. A scene or shot that this would leave
/// without a frame, because its other end lies in a long transition, keeps one.
BorderSnapCounts snap_scene_shots(BorderSnap snap, const Timeline& timeline, SceneShots& found);

/// Removes the transitions between shots that become one. Returns whether there were any. `snap`: where borders may
/// move, which decides about the lengths of shots.
bool join_short_shots(const VideoPredictions& predictions, const DecisionOptions& options, const BorderSnap& snap,
                      std::vector<Transition>& transitions);

/// Removes short shots and their scenes.
void drop_short_shots(const DecisionOptions& options, SceneShots& found);

}  // namespace transnet::inline TRANSNET_ABI
