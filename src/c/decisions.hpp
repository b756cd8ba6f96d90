// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/border_snap.hpp"
#include "transnet/decision_options.hpp"
#include "transnet/transnet.h"

namespace transnet::c {

/// Null means the defaults. Does not check ranges. @throws Error(invalid_argument) for a number without a meaning,
/// Error(unsupported) for a field of a later version.
[[nodiscard]] DecisionOptions read_decision_options(const transnet_decision_options* given);
/// The frames on which shots should begin. As `read_decision_options`. @throws Error(invalid_argument) also if
/// `snap_frames` is null.
[[nodiscard]] BorderSnap read_border_snap(const transnet_decision_options* given);

}  // namespace transnet::c
