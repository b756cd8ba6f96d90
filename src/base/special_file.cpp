// SPDX-License-Identifier: Apache-2.0
#include "base/special_file.hpp"

#include <system_error>

#include "transnet/error.hpp"

namespace transnet::base {

void refuse_special_file(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_other(status)) throw Error(ErrorCode::io, path.string() + ": not a regular file");
}

bool is_read_once(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::is_fifo(status) || std::filesystem::is_socket(status) ||
         std::filesystem::is_character_file(status);
}

}  // namespace transnet::base
