// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace transnet {

/// The beginning of the warning that no clip is left of a video, which matters only to those who want clips.
inline constexpr std::string_view no_clip = "no clip: ";

}  // namespace transnet
