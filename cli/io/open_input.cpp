#include "io/open_input.hpp"

#include <cerrno>
#include <system_error>

#include "transnet/error.hpp"

namespace command {

std::ifstream open_input(const std::filesystem::path& file) {
  using transnet::ErrorCode;
  const auto fail = [&](int error) {
    auto code = ErrorCode::io;
    if (error == ENOENT || error == ENOTDIR) code = ErrorCode::not_found;
    if (error == EACCES) code = ErrorCode::permission_denied;
    throw transnet::Error(code, file.native() + ": cannot be read: " + std::generic_category().message(error));
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) fail(EISDIR);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(errno);
  return stream;
}

}  // namespace command
