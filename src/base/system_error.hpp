// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transnet/error.hpp"

namespace transnet::base {

/// The code for an errno: not_found (also for a path below a file instead of a folder), permission_denied or io.
[[nodiscard]] ErrorCode code_of_errno(int error) noexcept;

/// "<action>: <the system's message>"
[[nodiscard]] Error system_error(const std::string& action, int error);

}  // namespace transnet::base
