// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Packets that wait for a picture that comes later in the file. In an intact file the wait is a few seconds; in others
/// the picture may never come. So the queue is bounded: beyond the bound, it drops the oldest packets, and their
/// content is missing from the clip.
class PacketQueue {
 public:
  /// `number`: returned with the packet.
  void push(PacketPtr packet, std::size_t number = 0) {
    bytes_ += bytes_of(*packet);
    packets_.push_back({std::move(packet), number});
    while (bytes_ > most_bytes && packets_.size() > 1) {
      bytes_ -= bytes_of(*packets_.front().packet);
      packets_.pop_front();
    }
  }

  /// Passes all packets to `take(packet, number)` in order and empties the queue.
  template <typename Take>
  void hand_over(Take take) {
    for (const Waiting& waiting : std::exchange(packets_, {})) take(*waiting.packet, waiting.number);
    bytes_ = 0;
  }

 private:
  static constexpr std::size_t most_bytes = 64U << 20U;

  struct Waiting {
    PacketPtr packet;
    std::size_t number = 0;
  };

  static std::size_t bytes_of(const AVPacket& packet) noexcept {
    constexpr std::size_t most_overhead = 512;  // of the smallest packet
    return static_cast<std::size_t>(packet.size > 0 ? packet.size : 0) + most_overhead;
  }

  std::deque<Waiting> packets_;
  std::size_t bytes_ = 0;
};

}  // namespace transnet::media
