// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cut/muxer.hpp"
#include "cut/sample_queue.hpp"
#include "media/ffmpeg.hpp"
#include "media/filter_chain.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// @throws Error(unsupported) that says why the sound cannot be decoded.
[[nodiscard]] CodecContextPtr open_audio_decoder(const AVStream& stream);

/// One audio stream of a clip: decoded, cut at the sample, encoded. Gaps become silence.
class AudioTrack {
 public:
  /// `start_us`, `end_us`: the clip on the video's clock. The muxer must outlive the track and must not have begun yet.
  /// @throws Error(unsupported) if the encoder cannot be opened.
  AudioTrack(const AVStream& stream, CodecContextPtr decoder, std::int64_t start_us, std::int64_t end_us,
             const CutOptions& options, Muxer& muxer);

  /// Call it after the muxer has begun. Packets may start some time before the clip, because decoders need earlier
  /// packets.
  void take(const AVPacket& packet);
  void end();

  [[nodiscard]] const AVStream& stream() const noexcept { return stream_; }
  /// True if no further packet can belong to the clip.
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }

 private:
  void decode(const AVPacket* packet);
  void take_frame(AVFrame& frame);
  [[nodiscard]] std::int64_t position_of(const AVFrame& frame);
  void filter(AVFrame* frame);
  void end_chain();
  void encode_and_write(const AVFrame* frame);

  const AVStream& stream_;
  std::int64_t start_us_;
  std::int64_t end_us_;
  Muxer& muxer_;
  CodecContextPtr decoder_;
  CodecContextPtr encoder_;
  int output_ = 0;
  SampleQueue queue_;  // frames for the encoder
  FilterChain chain_;
  bool has_begun_ = false;
  int rate_ = 0;  // rate of the chain's input
  int format_ = -1;
  int channels_ = 0;
  std::int64_t next_position_ = no_stamp;  // of the next decoded sample, from the clip's start, at `rate_`
  bool is_over_ = false;
};

}  // namespace transnet::media
