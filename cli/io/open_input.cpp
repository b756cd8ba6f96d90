// SPDX-License-Identifier: Apache-2.0
#include "io/open_input.hpp"

#include <cerrno>
#include <iterator>
#include <system_error>

#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace command {

std::ifstream open_input(const std::filesystem::path& file) {
  const auto fail = [&](int error) { throw transnet::base::system_error(file.native() + ": cannot be read", error); };
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) fail(EISDIR);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(errno);
  return stream;
}

std::string read_input(const std::filesystem::path& file) {
  auto stream = open_input(file);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw transnet::Error(transnet::ErrorCode::io, file.native() + ": cannot be read to the end");
  return bytes;
}

}  // namespace command
