// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/abi.hpp"
#include "transnet/clips.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The greatest threshold above which the video has `count` transitions or more; if no threshold gives as many, the
/// greatest one that gives most. `many_hot_threshold`: as in `DecisionOptions`.
[[nodiscard]] double threshold_for(const VideoPredictions& predictions, std::int64_t count, double many_hot_threshold);

}  // namespace transnet::inline TRANSNET_ABI
