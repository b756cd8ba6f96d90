// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/frame_decoder.hpp"
#include "transnet/timeline.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Frames a second until more is known, where a file states none.
inline constexpr double fallback_framerate = 25.0;

/// Gives a timeline its final rate, once all frames are in it. What the container states is taken as long as it can be
/// believed; containers without a rate of their own state one that was guessed, 1000 and 1 for example. A rate that is
/// missing, or unusual and contradicted by the time stamps, or usual and contradicted by steady ones, is measured from
/// these. `constant_rate` keeps what is stated, as the reference does. Returns what the user should know.
[[nodiscard]] std::vector<std::string> settle_framerate(std::optional<double> stated, Timing timing,
                                                        Timeline& timeline);

}  // namespace transnet::inline TRANSNET_ABI
