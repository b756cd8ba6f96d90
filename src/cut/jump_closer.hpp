// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Makes the stamps of joined MPEG streams go on where they jump, as `PacketClock` does for the stream that is decoded,
/// and leaves those of other formats alone. Streams that jump together stay in step, and one that begins behind a jump
/// joins the others.
class JumpCloser {
 public:
  explicit JumpCloser(const AVFormatContext& format);

  void apply(AVPacket& packet);

 private:
  struct Clock {
    std::size_t jump = 0;  // that it has taken last, by its number; 0: none
    std::int64_t offset_us = 0;
    std::int64_t last_dts_us = no_stamp;
    std::int64_t interval_us = 0;
  };

  [[nodiscard]] std::int64_t expected_us(const Clock& clock) const noexcept;
  void place(Clock& clock, std::int64_t dts_us);

  const AVFormatContext& format_;
  const bool may_jump_;
  std::vector<Clock> clocks_;       // of each stream
  std::int64_t now_us_ = no_stamp;  // of the last packet of any stream
  std::size_t last_jump_ = 0;
  // What the stamps were moved by since each jump. The last ones alone, of which there are enough: streams that are
  // read together are no more than a jump or two apart.
  std::array<std::int64_t, 8> offsets_us_{};
};

}  // namespace transnet::media
