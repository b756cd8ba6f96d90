// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transnet/error.hpp"

namespace transnet::base {

/// The code that fits an errno: not_found, also below a file in place of a folder, permission_denied or io.
[[nodiscard]] ErrorCode code_of_errno(int error) noexcept;

/// "<action>: <the system's words>"
[[nodiscard]] Error system_error(const std::string& action, int error);

}  // namespace transnet::base
