// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/decision_options.hpp"
#include "transnet/transnet.h"

namespace transnet::c {

/// The defaults for null. @throws Error(invalid_argument) for a number that stands for nothing, Error(unsupported) for
/// a struct of a later version; ranges are not checked.
[[nodiscard]] DecisionOptions read_decision_options(const transnet_decision_options* given);

}  // namespace transnet::c
