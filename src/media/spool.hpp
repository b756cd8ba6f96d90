// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/file_descriptor.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// Where an MP4 file has its index, without which nobody can read its pictures.
enum class IndexPlace {
  unknown,   ///< more bytes are needed
  in_front,  ///< also of files of other kinds: they can be read from front to back
  behind,    ///< behind the pictures
};

/// By the first bytes of a file. It knows after a megabyte at the latest.
[[nodiscard]] IndexPlace place_of_index(std::span<const std::uint8_t> head);

/// A file without a name that keeps a pipe.
class Spool {
 public:
  /// `name` of the pipe, for messages. @throws Error if the folder takes no file.
  Spool(std::string name, const DecodeOptions& options);

  /// @throws Error: limit_exceeded, io.
  void write(std::span<const std::uint8_t> bytes);

  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  [[nodiscard]] base::FileDescriptor take() { return std::move(file_); }

 private:
  std::string name_;
  std::filesystem::path folder_;
  double max_bytes_;
  base::FileDescriptor file_;
  std::int64_t size_ = 0;
};

}  // namespace transnet::media
