// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::nn {
struct ModelFile;
}

namespace transnet::inline TRANSNET_ABI {

/// A model file in memory: it is read and hashed once, then `recommended_threshold` and `ShotModel::load` take it as
/// often as they need it. Copies share the bytes, which nothing changes, so any number of threads may use them.
class TRANSNET_API ModelFile {
 public:
  /// @throws Error: not_found, permission_denied, io (a directory, a pipe). The bytes may be anything.
  [[nodiscard]] static ModelFile read(const std::filesystem::path& path);

  /// As it was given to `read`.
  [[nodiscard]] const std::filesystem::path& path() const noexcept;
  /// Hash of the bytes, lower-case hexadecimal.
  [[nodiscard]] const std::string& sha256() const noexcept;

 private:
  friend class ShotModel;
  friend TRANSNET_API double recommended_threshold(const ModelFile& file);
  explicit ModelFile(nn::ModelFile content);

  std::shared_ptr<const nn::ModelFile> content_;
};

}  // namespace transnet::inline TRANSNET_ABI
