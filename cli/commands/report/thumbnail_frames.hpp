// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "transnet/clips.hpp"

namespace command {

/// The frames that a report shows, ascending: the middle of every shot at `threshold`, and of those that a lower one
/// would find, as far as they are likely to be looked at. Never more than a page can hold.
[[nodiscard]] std::vector<std::int64_t> thumbnail_frames(const transnet::VideoPredictions& predictions,
                                                         double threshold);

}  // namespace command
