// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace transnet::nn {

/// A file of weights, read once, so that the network uses the same bytes that were hashed.
struct ModelFile {
  std::filesystem::path path;
  std::vector<std::byte> bytes;
  std::string sha256;  ///< hash of the bytes, lower-case hexadecimal
};

/// @throws Error: not_found, permission_denied, io (a directory, a pipe).
[[nodiscard]] ModelFile read_model_file(const std::filesystem::path& path);

}  // namespace transnet::nn
