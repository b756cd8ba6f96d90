// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace transnet::nn {

/// A record of a model file. Its bytes lie within the file, and no other record has a part of them.
struct ArchiveRecord {
  std::string name;
  bool is_plain = false;               ///< neither compressed nor encrypted
  std::optional<std::uint32_t> crc32;  ///< nothing in the layout before PyTorch 1.6
  std::uint64_t offset = 0;            ///< of its bytes in the file
  std::uint64_t bytes = 0;             ///< that it takes there
};

}  // namespace transnet::nn
