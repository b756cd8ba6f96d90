// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/time_span.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Whether a length is below `DecisionOptions::min_shot_s`.
[[nodiscard]] bool is_short_shot(double length_s, const DecisionOptions& options);

/// The shots, by number, at which a shot begins after short ones have joined others. They begin with 0. `short_shots`
/// must not be `drop`.
[[nodiscard]] std::vector<std::size_t> first_shots_after_joining(std::span<const TimeSpan> shots,
                                                                 const DecisionOptions& options);

}  // namespace transnet::inline TRANSNET_ABI
