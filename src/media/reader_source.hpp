// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "transnet/byte_reader.hpp"

namespace transnet::media {

/// The bytes of a caller's reader, in large blocks, because a read from a store over a network takes as long for a few
/// bytes as for a few million.
class ReaderSource final : public ByteSource {
 public:
  /// `failure` gets the first exception of the reader; afterwards, each read fails.
  /// @throws the exceptions of `ByteReader::size`.
  ReaderSource(ByteReader& reader, const Deadline& deadline, std::exception_ptr& failure);

  std::ptrdiff_t read(std::span<std::uint8_t> buffer) noexcept override;
  std::optional<std::int64_t> size() const noexcept override { return size_; }
  void seek(std::int64_t position) noexcept override { position_ = position; }
  std::int64_t position() const noexcept override { return position_; }

 private:
  struct Block {
    std::int64_t start = 0;
    std::vector<std::byte> bytes;
    std::size_t filled = 0;  // bytes from the start on that have been read

    [[nodiscard]] std::int64_t end() const noexcept { return start + static_cast<std::int64_t>(filled); }
  };

  /// The bytes from the position to the end of a block; empty if no block has them.
  [[nodiscard]] std::span<const std::byte> kept_bytes();
  void fill();

  ByteReader& reader_;
  const Deadline& deadline_;
  std::exception_ptr& failure_;
  std::optional<std::int64_t> size_;
  std::array<Block, 2> blocks_;  // the last used one first: a demuxer goes back and forth between two places
  std::int64_t reader_position_ = 0;
  std::int64_t position_ = 0;
};

}  // namespace transnet::media
