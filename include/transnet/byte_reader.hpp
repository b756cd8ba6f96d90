// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The bytes of a video that the library cannot open itself: an object in a store, a file in an archive, a connection.
/// The caller implements it. The decoder reads ahead in blocks of megabytes and jumps a few times, so that a read may
/// be slow. An MP4 file whose index is at the end costs two jumps.
///
/// All calls come from one thread at a time, but not always from the thread that called the library. A call should
/// return within a second or so: no stop request can end it. Exceptions reach the caller of the library.
class TRANSNET_API ByteReader {
 public:
  virtual ~ByteReader() = default;

  /// Reads up to `buffer.size()` bytes from the reading position, which moves behind them. Returns their number, 0 only
  /// at the end.
  [[nodiscard]] virtual std::size_t read(std::span<std::byte> buffer) = 0;
  /// Total bytes; empty if `seek` is impossible, as in a pipe. It is called once, before everything else.
  [[nodiscard]] virtual std::optional<std::int64_t> size() = 0;
  /// Moves the reading position, at first 0; only called if `size` is known.
  virtual void seek(std::int64_t position) = 0;

 protected:
  ByteReader() = default;
  ByteReader(const ByteReader&) = default;
  ByteReader& operator=(const ByteReader&) = default;
};

}  // namespace transnet::inline TRANSNET_ABI
