// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "media/decoder_clock.hpp"
#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "media/picture_memory.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::media {

/// The options for pictures of the full size, which the processor decodes exactly.
[[nodiscard]] DecodeOptions exact_decoding(DecodeOptions options);

/// Turns the packets of the demuxer's stream into pictures and continues after damage, as the `ffmpeg` command does.
class VideoDecoder {
 public:
  /// Demuxer and deadline must outlive the decoder. `frame_size`: of the frames that `DecodeOptions::fast` may decode
  /// smaller pictures for.
  /// @throws Error: unsupported if there is no decoder for the codec, or it or the device cannot be opened.
  VideoDecoder(Demuxer& demuxer, const Deadline& deadline, const DecodeOptions& options,
               const FrameSize& frame_size = {});

  /// Reads the next picture in presentation order; false at the end. `frame.pts` is its best time stamp on the clock of
  /// `DecoderClock`, in the stream's time base, or `no_stamp`.
  /// @throws Error: limit_exceeded, out_of_memory, and as `Deadline::check`.
  [[nodiscard]] bool next(AVFrame& frame);

  /// Decodes nothing before this packet of the stream, counted from 0; it should be a keyframe. The stamps stay those
  /// of a decode from the start. Call it before `next`.
  void start_at(std::int64_t packet) noexcept { packets_to_skip_ = packet; }

  /// Packets that the decoder refused.
  [[nodiscard]] std::int64_t bad_packet_count() const noexcept { return bad_packet_count_; }
  /// Whether a device decoded the last picture.
  [[nodiscard]] bool is_by_device() const noexcept { return is_by_device_; }
  /// As `Demuxer::early_end`.
  [[nodiscard]] const EarlyEnd& early_end() const noexcept { return early_end_; }
  [[nodiscard]] const DecoderClock& clock() const noexcept { return clock_; }

 private:
  enum class State { needs_packet, needs_frame, draining, ended };

  void feed();
  [[nodiscard]] bool take(AVFrame& frame);
  void check(int averror) const;

  Demuxer& demuxer_;
  const Deadline& deadline_;
  PictureMemory memory_;
  CodecContextPtr context_;
  DecoderClock clock_;
  PacketPtr packet_ = make_packet();
  State state_ = State::needs_packet;
  bool is_first_call_ = true;
  bool is_by_device_ = false;
  std::int64_t packets_to_skip_ = 0;
  int drain_errors_ = 0;
  std::int64_t bad_packet_count_ = 0;
  EarlyEnd early_end_;
};

}  // namespace transnet::media
