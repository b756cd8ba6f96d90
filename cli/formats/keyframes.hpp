// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "formats/format_options.hpp"
#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

namespace command {

/// The frames that an encoder makes keyframes: those at which shots begin, and with `grid_frames` one at least every so
/// many frames from each of them.
[[nodiscard]] std::vector<std::int64_t> keyframes_of(const transnet::VideoClips& video,
                                                     const std::vector<ListedSpan>& entries,
                                                     const FormatOptions& options);

}  // namespace command
