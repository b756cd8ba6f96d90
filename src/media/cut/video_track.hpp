#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "media/cut/encoder.hpp"
#include "media/cut/muxer.hpp"
#include "media/cut/picture_converter.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// What the caller wants of the encoder of pictures.
[[nodiscard]] EncoderOptions picture_options(const CutOptions& options);

/// The pictures of a clip on their way from the decoder into the clip's file.
class VideoTrack {
 public:
  /// `first`: the picture that the clip begins with. The muxer must outlive the track and not have begun yet.
  /// @throws Error
  VideoTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options, Muxer& muxer);

  /// Takes a picture out of `picture`; its stamp is on the clip's clock, in the time base of the video's stream. One
  /// that is not after the stamp before it is moved. Once the muxer has begun.
  void take(AVFrame& picture);
  /// No picture follows; the last one ends at `end`.
  void end(std::int64_t end);

 private:
  void send(std::int64_t end);
  void write(AVPacket& packet);

  Muxer& muxer_;
  AVRational time_base_;
  CodecContextPtr encoder_;
  int output_ = 0;
  PictureConverter converter_;
  FramePtr held_ = make_frame();  // until it is known when it ends
  bool holds_ = false;
  std::map<std::int64_t, std::int64_t> durations_;  // of the pictures in the encoder, by their stamps
};

}  // namespace transnet::media
