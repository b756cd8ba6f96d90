// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/error.hpp"
#include "transnet/transnet.h"

namespace transnet::c {

/// The number of an error.
[[nodiscard]] transnet_status status_of(ErrorCode code) noexcept;

}  // namespace transnet::c
