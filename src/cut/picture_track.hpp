// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The pictures of a clip on their way from the video to the clip's file. Call these after the muxer has begun:
class PictureTrack {
 public:
  PictureTrack() = default;
  virtual ~PictureTrack() = default;
  PictureTrack(const PictureTrack&) = delete;
  PictureTrack& operator=(const PictureTrack&) = delete;

  /// Takes the picture out of `picture`; its stamp is on the clip's clock, in the time base of the video's stream.
  virtual void take(AVFrame& picture) = 0;
  /// Takes a packet of the video's stream, with the stream's stamps, if the clip copies packets.
  virtual void take_packet(const AVPacket& packet) = 0;
  /// Ends the track; the last picture ends at `end`.
  virtual void end(std::int64_t end) = 0;
};

}  // namespace transnet::media
