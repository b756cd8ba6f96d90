// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cut/muxer.hpp"
#include "cut/picture_track.hpp"
#include "media/ffmpeg.hpp"
#include "media/picture_converter.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// Encodes all pictures of a clip.
class VideoTrack final : public PictureTrack {
 public:
  /// `first`: the clip's first picture. The muxer must outlive the track and must not have begun yet.
  /// @throws Error
  VideoTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options, Muxer& muxer);

  /// The size of the clip's pictures, "640x360", if it differs from the first picture's.
  [[nodiscard]] const std::string& other_size() const noexcept { return other_size_; }

  /// Moves a stamp that is not after the previous one.
  void take(AVFrame& picture) override;
  void take_packet(const AVPacket&) override {}
  void end(std::int64_t end) override;

 private:
  void send(std::int64_t end);
  void write(AVPacket& packet);

  Muxer& muxer_;
  AVRational video_time_base_;
  CodecContextPtr encoder_;
  int output_ = 0;
  PictureConverter converter_;
  std::string other_size_;
  FramePtr held_ = make_frame();  // until its end is known
  bool holds_ = false;
  std::map<std::int64_t, std::int64_t> durations_;  // of the pictures in the encoder, by stamp
};

}  // namespace transnet::media
