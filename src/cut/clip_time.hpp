// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace transnet::media {

/// The frames of a clip are shown within this distance of the times that its request states. Times of results are
/// rounded to a thousandth; times of another video, or counted in another way, differ by more at one of the clip's
/// ends.
inline constexpr double clip_tolerance_s = 0.1;

}  // namespace transnet::media
