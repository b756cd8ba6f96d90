// SPDX-License-Identifier: Apache-2.0
#include "nn/model_file.hpp"

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/sha256.hpp"
#include "base/system_error.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {

ModelFile read_model_file(const std::filesystem::path& path) {
  std::error_code code;
  const auto type = std::filesystem::status(path, code).type();
  if (type == std::filesystem::file_type::not_found)
    throw Error(ErrorCode::not_found, path.string() + ": no such file");
  if (type == std::filesystem::file_type::directory) {
    throw Error(ErrorCode::io, path.string() + ": a directory, not a model file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw base::system_error(path.string() + ": cannot be read", code ? code.value() : errno);
  const auto size = std::filesystem::file_size(path, code);
  if (code) throw Error(ErrorCode::io, path.string() + ": not a regular file");

  ModelFile file{.path = path, .bytes = std::vector<std::byte>(size), .sha256 = {}};
  auto* const characters = reinterpret_cast<char*>(file.bytes.data());
  errno = 0;
  stream.read(characters, static_cast<std::streamsize>(size));
  if (stream.bad()) throw base::system_error(path.string() + ": cannot be read", errno);
  // Another process may have truncated the file since.
  file.bytes.resize(static_cast<std::size_t>(stream.gcount()));
  file.sha256 = base::sha256_of({characters, file.bytes.size()});
  return file;
}

}  // namespace transnet::nn
