// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The packets of a video stream as they lie in the file, whatever the container's own index says.
class PacketIndex {
 public:
  /// Reads the whole file; nothing is decoded.
  /// @throws Error: unsupported where packets bear no stamps of presentation, and as `Demuxer::read`.
  explicit PacketIndex(Demuxer& demuxer);

  /// A run of packets in the order of the file, and what is shown of it in units of the stream's time base.
  struct Run {
    std::size_t first = 0;   ///< the keyframe
    std::size_t last = 0;    ///< belongs to the run
    std::int64_t start = 0;  ///< when the keyframe is shown; packets of the run that are shown earlier are left out
    std::int64_t end = 0;    ///< when the last picture of the run ends
    std::int64_t early_frames = 0;  ///< shown before `wanted_start`
    std::int64_t late_frames = 0;   ///< shown at `wanted_end` or later
    std::int64_t frame_count = 0;   ///< with those
    bool ends_early = false;        ///< the stream ends before `wanted_end`
  };

  /// The shortest run that shows all pictures from the one nearest to `wanted_start` to the one before that nearest to
  /// `wanted_end`.
  /// @throws Error(invalid_argument) where there is no picture at `wanted_start`, unsupported without a keyframe
  /// before.
  [[nodiscard]] Run run_of(std::int64_t wanted_start, std::int64_t wanted_end) const;

  /// As `Demuxer::early_end`.
  [[nodiscard]] const EarlyEnd& early_end() const noexcept { return early_end_; }

  struct Packet {
    std::int64_t pts = 0;
    std::int64_t duration = 0;
    bool is_key = false;
  };

  [[nodiscard]] std::span<const Packet> packets() const noexcept { return packets_; }
  /// Their stamps in the order of presentation.
  [[nodiscard]] std::span<const std::int64_t> shown() const noexcept { return shown_; }
  /// When the picture that is shown last ends.
  [[nodiscard]] std::int64_t end_of_stream() const;

 private:
  [[nodiscard]] std::int64_t nearest_shown(std::int64_t stamp) const;

  std::string name_;
  AVRational time_base_;
  std::vector<Packet> packets_;
  std::vector<std::int64_t> shown_;
  std::int64_t last_duration_ = 0;  // of the picture that is shown last
  EarlyEnd early_end_;
};

}  // namespace transnet::media
