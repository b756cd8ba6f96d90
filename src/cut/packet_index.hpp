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

/// For packets of copies. @throws Error(unsupported) if the packet has no presentation stamp; `name`: of the video.
void require_stamp(const AVPacket& packet, const std::string& name);

/// The packets of a video stream in the order of the file, regardless of the container's own index.
class PacketIndex {
 public:
  /// Reads the whole file without decoding.
  /// @throws Error: unsupported if packets have no presentation stamps, and as `Demuxer::read`.
  explicit PacketIndex(Demuxer& demuxer);

  /// A run of packets in the order of the file, with its times in units of the stream's time base.
  struct Run {
    std::size_t first = 0;          ///< the keyframe
    std::size_t last = 0;           ///< the last packet of the run
    std::int64_t start = 0;         ///< time of the keyframe; packets of the run with earlier times are left out
    std::int64_t end = 0;           ///< end of the run's last picture
    std::int64_t early_frames = 0;  ///< shown before `wanted_start`
    std::int64_t late_frames = 0;   ///< shown at `wanted_end` or later
    std::int64_t frame_count = 0;   ///< including the early and late ones
    bool is_open = false;           ///< packets are left out: pictures before the keyframe depend on earlier ones
    bool ends_early = false;        ///< the stream ends before `wanted_end`
  };

  /// The shortest run that shows all pictures from the one nearest to `wanted_start` to the one before the nearest to
  /// `wanted_end`, without a hole between its pictures.
  /// @throws Error: invalid_argument if there is no picture at `wanted_start`, unsupported without a keyframe before
  /// it.
  [[nodiscard]] Run run_of(std::int64_t wanted_start, std::int64_t wanted_end) const;

  /// As `Demuxer::early_end`.
  [[nodiscard]] const EarlyEnd& early_end() const noexcept { return early_end_; }

  struct Packet {
    std::int64_t pts = 0;
    std::int64_t duration = 0;
    bool is_key = false;
  };

  [[nodiscard]] std::span<const Packet> packets() const noexcept { return packets_; }
  /// The stamps of all packets in presentation order.
  [[nodiscard]] std::span<const std::int64_t> shown() const noexcept { return shown_; }
  /// The end of the last shown picture.
  [[nodiscard]] std::int64_t end_of_stream() const;

 private:
  [[nodiscard]] std::int64_t nearest_shown(std::int64_t stamp) const;
  /// Of the run that shows the pictures from `start` to `end`. Its start and first packet are known.
  [[nodiscard]] std::size_t last_packet(const Run& run, std::int64_t start, std::int64_t end) const;

  std::string name_;
  AVRational time_base_;
  std::vector<Packet> packets_;
  std::vector<std::size_t> by_time_;       // all packets in presentation order
  std::vector<std::size_t> keys_by_time_;  // the keyframes of them
  std::vector<std::int64_t> shown_;
  std::int64_t last_duration_ = 0;  // of the last shown picture
  EarlyEnd early_end_;
};

}  // namespace transnet::media
