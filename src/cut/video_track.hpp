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
  /// `first`: the picture that the clip begins with. The muxer must outlive the track and not have begun yet.
  /// @throws Error
  VideoTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options, Muxer& muxer);

  /// The size of the clip's pictures, "640x360", where it is not that of the first one.
  [[nodiscard]] const std::string& other_size() const noexcept { return other_size_; }

  /// A stamp that is not after the one before it is moved.
  void take(AVFrame& picture) override;
  void take_packet(const AVPacket&) override {}
  void end(std::int64_t end) override;

 private:
  void send(std::int64_t end);
  void write(AVPacket& packet);

  Muxer& muxer_;
  AVRational time_base_;
  CodecContextPtr encoder_;
  int output_ = 0;
  PictureConverter converter_;
  std::string other_size_;
  FramePtr held_ = make_frame();  // until it is known when it ends
  bool holds_ = false;
  std::map<std::int64_t, std::int64_t> durations_;  // of the pictures in the encoder, by their stamps
};

}  // namespace transnet::media
