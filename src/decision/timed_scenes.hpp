#pragma once

#include "transnet/scenes.hpp"
#include "transnet/timeline.hpp"

namespace transnet {

/// Lengths in seconds; 0 = off.
struct SceneLengths {
  double min_length_s = 0.0;
  double max_length_s = 0.0;
  MaxLengthMode max_length_mode = MaxLengthMode::stride;
  double crop_s = 0.0;
};

/// `get_filtered_scenes` for a video of variable frame rate: the same steps, but lengths are lengths of time and every
/// boundary stays on a real frame. A clip is never longer than the maximum; a frame that alone lasts longer is left
/// out.
[[nodiscard]] Scenes get_timed_filtered_scenes(const Scenes& scenes, const Timeline& timeline,
                                               const SceneLengths& lengths);

}  // namespace transnet
