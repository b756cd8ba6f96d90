// SPDX-License-Identifier: Apache-2.0
#include "io/open_input.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
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

void check_read(const std::istream& stream, const std::filesystem::path& file) {
  if (stream.bad()) throw transnet::Error(transnet::ErrorCode::io, file.native() + ": cannot be read to the end");
}

std::string read_to_end(std::istream& stream, const std::filesystem::path& file) {
  // Iterators would let the exceptions of the buffer through, which name no file.
  std::array<char, 1 << 16> block{};
  std::string bytes;
  while (stream) {
    stream.read(block.data(), block.size());
    bytes.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  check_read(stream, file);
  return bytes;
}

std::string read_input(const std::filesystem::path& file) {
  auto stream = open_input(file);
  return read_to_end(stream, file);
}

}  // namespace command
