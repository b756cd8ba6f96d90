#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Makes the stamps of joined MPEG streams go on where they jump, as `PacketClock` does for the stream that is decoded,
/// and leaves those of other formats alone. Streams that jump together stay in step.
class JumpCloser {
 public:
  explicit JumpCloser(const AVFormatContext& format);

  void apply(AVPacket& packet);

 private:
  struct Clock {
    std::int64_t offset_us = 0;
    std::int64_t last_dts_us = no_stamp;
    std::int64_t interval_us = 0;
    std::size_t jump_count = 0;
  };

  void close(Clock& clock, std::int64_t jump_us);

  const AVFormatContext& format_;
  const bool may_jump_;
  std::vector<Clock> clocks_;           // of each stream
  std::vector<std::int64_t> jumps_us_;  // as the first stream saw each
};

}  // namespace transnet::media
