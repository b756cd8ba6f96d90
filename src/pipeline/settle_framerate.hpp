// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/timeline.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Gives a timeline its final rate after all frames are added. The container's rate counts as long as it is plausible;
/// containers without a rate of their own state a guess, such as 1000 or 1. The time stamps give the rate if the stated
/// one is missing, unusual and contradicted by them, or usual but contradicted by steady stamps. `constant_rate` keeps
/// the stated rate, as the reference does. Returns warnings for the user.
[[nodiscard]] std::vector<std::string> settle_framerate(std::optional<double> stated, Timing timing,
                                                        Timeline& timeline);

}  // namespace transnet::inline TRANSNET_ABI
