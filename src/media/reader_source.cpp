// SPDX-License-Identifier: Apache-2.0
#include "media/reader_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

constexpr std::size_t seekable_block_bytes = std::size_t{4} << 20;
// The bytes that a pipe delivers must not wait for the rest of a large block.
constexpr std::size_t pipe_block_bytes = std::size_t{64} << 10;

}  // namespace

ReaderSource::ReaderSource(ByteReader& reader, const Deadline& deadline, std::exception_ptr& failure)
    : reader_(reader), deadline_(deadline), failure_(failure), size_(reader.size()) {
  if (size_ && *size_ < 0) {
    throw Error(ErrorCode::invalid_argument, "a reader states a size of " + std::to_string(*size_) + " bytes");
  }
}

std::ptrdiff_t ReaderSource::read(std::span<std::uint8_t> buffer) noexcept {
  if (deadline_.has_passed()) return -ECANCELED;
  if (failure_) return -EIO;
  if (size_ && position_ >= *size_) return 0;
  auto kept = kept_bytes();
  if (kept.empty()) {
    try {
      fill();
    } catch (...) {
      failure_ = std::current_exception();
      return -EIO;
    }
    if (deadline_.has_passed()) return -ECANCELED;
    kept = kept_bytes();
  }
  const std::size_t count = std::min(buffer.size(), kept.size());
  if (count == 0) return 0;
  std::memcpy(buffer.data(), kept.data(), count);
  position_ += static_cast<std::int64_t>(count);
  return static_cast<std::ptrdiff_t>(count);
}

std::span<const std::byte> ReaderSource::kept_bytes() {
  const auto holds_position = [this](const Block& block) {
    return position_ >= block.start && position_ < block.end();
  };
  if (!holds_position(blocks_[0]) && holds_position(blocks_[1])) std::swap(blocks_[0], blocks_[1]);
  const Block& block = blocks_[0];
  if (!holds_position(block)) return {};
  return std::span(block.bytes).first(block.filled).subspan(static_cast<std::size_t>(position_ - block.start));
}

/// Reads on in the block of the position until it holds that byte, or until the end. The blocks of a reader that can
/// jump begin at multiples of their size: a demuxer that goes backwards in small steps, as for the last stamps of a
/// stream, then stays in one.
void ReaderSource::fill() {
  const auto block_bytes = size_ ? seekable_block_bytes : pipe_block_bytes;
  const std::int64_t start =
      size_ ? position_ / std::int64_t{seekable_block_bytes} * std::int64_t{seekable_block_bytes} : position_;
  const auto is_of_position = [&](const Block& block) { return block.start == start && block.filled > 0; };
  if (!is_of_position(blocks_[0])) std::swap(blocks_[0], blocks_[1]);
  Block& block = blocks_[0];
  if (!is_of_position(block)) {
    block.start = start;
    block.filled = 0;
    block.bytes.resize(block_bytes);
  }
  while (position_ >= block.end()) {
    if (const auto next = block.end(); reader_position_ != next) {
      reader_.seek(next);
      reader_position_ = next;
    }
    const auto free = std::span(block.bytes).subspan(block.filled);
    const std::size_t count = reader_.read(free);
    if (count > free.size()) {
      throw Error(ErrorCode::invalid_argument, "a reader returned " + std::to_string(count) +
                                                   " bytes instead of at most " + std::to_string(free.size()));
    }
    block.filled += count;
    reader_position_ += static_cast<std::int64_t>(count);
    if (count == 0 || deadline_.has_passed()) return;
  }
}

}  // namespace transnet::media
