#pragma once

#include <string>

#include "transnet/error.hpp"

namespace transnet::base {

/// The code that fits an errno: not_found, permission_denied or io.
[[nodiscard]] ErrorCode code_of_errno(int error) noexcept;

/// "<action>: <the system's words>"
[[nodiscard]] Error system_error(const std::string& action, int error);

/// The same for a file that is to be read: below a file in place of a folder, it does not exist.
[[nodiscard]] Error read_error(const std::string& action, int error);

}  // namespace transnet::base
