// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/deadline.hpp"
#include "media/demuxer.hpp"

namespace transnet::media {

/// The frames of a video in the order in which they are shown, known from its packets alone.
class FrameOrder {
 public:
  struct Frame {
    std::int64_t stamp = 0;     ///< in the stream's time base
    std::int64_t duration = 0;  ///< the same; 0 = unknown
  };

  /// Reads the whole stream without decoding it. Empty if decoding could show other frames, or in another order.
  /// @throws Error as `Demuxer::read` and `Deadline::check`.
  [[nodiscard]] static std::optional<FrameOrder> read(Demuxer& demuxer, const Deadline& deadline);

  /// At least one; their stamps ascend.
  [[nodiscard]] std::span<const Frame> frames() const noexcept { return frames_; }

  /// The number of the last packet from which a decoder can start to show the frame with this stamp and all later ones.
  [[nodiscard]] std::int64_t packet_before(std::int64_t stamp) const;

  /// As `Demuxer::early_end`.
  [[nodiscard]] const EarlyEnd& early_end() const noexcept { return early_end_; }

  /// A packet at which decoding can start.
  struct Start {
    std::int64_t stamp = 0;
    std::int64_t packet = 0;  ///< counted from 0 in the order of the file
  };

 private:
  std::vector<Frame> frames_;
  std::vector<Start> starts_;  // the stamps ascend; the first one is the first packet
  EarlyEnd early_end_;
};

}  // namespace transnet::media
