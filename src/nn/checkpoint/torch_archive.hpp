// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/checkpoint/archive_record.hpp"

namespace transnet::nn {

/// The zip container of `torch.save` and TorchScript: records below one top folder, each with a CRC. A file of
/// `torch.save` before PyTorch 1.6 is read as the same records, without CRCs.
///
/// It trusts nothing in a hostile file: it reads a record only if the record is stored uncompressed (so no
/// decompression bomb) and fits in the file.
class TorchArchive {
 public:
  /// Reads `bytes`, which must outlive the archive; errors name `file`.
  /// @throws Error(bad_weights) if the bytes are not such an archive.
  TorchArchive(std::span<const std::byte> bytes, std::filesystem::path file);

  /// Whether the archive is a TorchScript program, not only tensors.
  [[nodiscard]] bool is_torchscript() const;

  /// Reads a whole small record. @throws Error(bad_weights) if it is missing, longer or damaged.
  [[nodiscard]] std::vector<std::byte> read(const std::string& record, std::uint64_t max_bytes) const;

  /// Reads a record of exactly `out.size()` bytes. @throws Error(bad_weights) if it is missing, damaged or of another
  /// size.
  void read_into(const std::string& record, std::span<std::byte> out) const;

  /// The size of a record, all of which lies in the file.
  [[nodiscard]] std::uint64_t record_bytes(const std::string& record) const;

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  /// Error(bad_weights) about this file.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::filesystem::path file_;
  std::span<const std::byte> bytes_;
  std::vector<ArchiveRecord> records_;
  std::string top_folder_;  // with its slash

  /// Null if the top folder has no record of this name.
  [[nodiscard]] const ArchiveRecord* find(std::string_view record) const noexcept;
  /// @throws Error(bad_weights) where it is missing, compressed or encrypted.
  [[nodiscard]] const ArchiveRecord& plain(const std::string& record) const;
};

}  // namespace transnet::nn
