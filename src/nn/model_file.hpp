// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace transnet::nn {

/// A file of weights, read once, so that the network uses the same bytes that were hashed.
struct ModelFile {
  std::filesystem::path path;
  std::vector<std::byte> bytes;
  std::string sha256;      ///< hash of the bytes, lower-case hexadecimal
  bool is_on_disk = true;  ///< false: `path` is only a name
};

/// The bytes of a file. @throws Error: not_found, permission_denied, io (a directory, a pipe).
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& path);

/// @throws Error as `read_bytes`.
[[nodiscard]] ModelFile read_model_file(const std::filesystem::path& path);

/// A file whose bytes the caller has. @throws Error(invalid_argument) if `name` is empty.
[[nodiscard]] ModelFile model_file_of(std::span<const std::byte> bytes, std::string name);

}  // namespace transnet::nn
