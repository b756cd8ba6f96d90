// SPDX-License-Identifier: Apache-2.0
#include "nn/model_file.hpp"

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "base/special_file.hpp"
#include "base/system_error.hpp"
#include "transnet/error.hpp"
#include "transnet/model_file.hpp"

namespace transnet::inline TRANSNET_ABI {

ModelFile::ModelFile(nn::ModelFile content) : content_(std::make_shared<const nn::ModelFile>(std::move(content))) {}

ModelFile ModelFile::read(const std::filesystem::path& path) { return ModelFile(nn::read_model_file(path)); }

const std::filesystem::path& ModelFile::path() const noexcept { return content_->path; }

const std::string& ModelFile::sha256() const noexcept { return content_->sha256; }

}  // namespace transnet::inline TRANSNET_ABI

namespace transnet::nn {
namespace {

// A video in place of the weights must not fill the memory. The published files have 57 MB at most.
constexpr std::uintmax_t longest_file_bytes = std::uintmax_t{4} << 30U;

std::string hash_of(std::span<const std::byte> bytes) {
  return base::sha256_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  std::error_code code;
  const auto type = std::filesystem::status(path, code).type();
  if (type == std::filesystem::file_type::not_found)
    throw Error(ErrorCode::not_found, path.string() + ": no such file");
  if (type == std::filesystem::file_type::directory) {
    throw Error(ErrorCode::io, path.string() + ": a directory, not a model file");
  }
  base::refuse_special_file(path);
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw base::system_error(path.string() + ": cannot be read", code ? code.value() : errno);
  const auto size = std::filesystem::file_size(path, code);
  if (code) throw Error(ErrorCode::io, path.string() + ": not a regular file");
  if (size > longest_file_bytes) {
    throw Error(ErrorCode::bad_weights, path.string() + ": not a model file: it is larger than 4 GiB");
  }

  std::vector<std::byte> bytes(size);
  errno = 0;
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (stream.bad()) throw base::system_error(path.string() + ": cannot be read", errno);
  // Another process may have truncated the file since.
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

ModelFile read_model_file(const std::filesystem::path& path) {
  ModelFile file{.path = path, .bytes = read_bytes(path), .sha256 = {}};
  file.sha256 = hash_of(file.bytes);
  return file;
}

ModelFile model_file_of(std::span<const std::byte> bytes, std::string name) {
  if (name.empty()) throw Error(ErrorCode::invalid_argument, "a model from memory needs a name");
  return {.path = std::move(name),
          .bytes = std::vector<std::byte>(bytes.begin(), bytes.end()),
          .sha256 = hash_of(bytes),
          .is_on_disk = false};
}

}  // namespace transnet::nn
