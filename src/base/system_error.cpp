// SPDX-License-Identifier: Apache-2.0
#include "base/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace transnet::base {

ErrorCode code_of_errno(int error) noexcept {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::permission_denied;
    default: return ErrorCode::io;
  }
}

Error system_error(const std::string& action, int error) {
  return {code_of_errno(error), action + ": " + std::generic_category().message(error)};
}

}  // namespace transnet::base
