// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "media/stamp_clock.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::media {

/// Puts a stream's packets on one continuous clock that starts at zero, as the `ffmpeg` command does before decoding.
/// It subtracts the container's start, closes jumps in formats that allow them, removes absurd stamps, and predicts
/// missing decoding stamps from the durations. The decoder picks the better of a frame's two stamps, so its input
/// decides the frame's time.
///
/// The command detects a jump back by comparing with the durations, so a stream with a wrong rate moves with every
/// packet. This happens only for `Timing::constant_rate`; for `presentation`, `StampClock` follows the stamps.
///
/// Calls: `begin(packet)`, or once `begin_drain()` at the end of the container; then `before_call` and `after_call`
/// around every decoder call for it.
class DecoderClock {
 public:
  DecoderClock(const Demuxer& demuxer, const AVCodecContext& decoder, Timing timing);

  void begin(AVPacket& packet);
  void begin_drain();
  void before_call();
  /// `frame`: the decoder's output, null for none. `is_first`: the call that passed the packet.
  void after_call(const AVFrame* frame, bool is_first) noexcept;

  /// For a frame without a stamp after the container's end: the next predicted stamp, or `no_stamp`.
  [[nodiscard]] std::int64_t take_drain_stamp();

  /// The shift of the container's stamps at the start, in the stream's time base.
  [[nodiscard]] std::int64_t initial_offset() const noexcept { return initial_offset_; }

 private:
  void settle_start();
  void close_gap(AVPacket& packet);
  void close_jump(AVPacket& packet, std::int64_t jump_us);
  void drop_absurd_stamps(AVPacket& packet) const;
  void predict_decoding_stamp(AVPacket& packet);
  [[nodiscard]] std::int64_t frame_interval_us() const;
  [[nodiscard]] std::int64_t to_us(std::int64_t stamp) const noexcept;
  [[nodiscard]] std::int64_t from_us(std::int64_t time_us) const noexcept;

  const AVFormatContext& format_;
  AVStream& stream_;
  const AVCodecContext& decoder_;
  const Timing timing_;
  StampClock stamps_;
  const bool may_jump_;

  std::int64_t offset_us_ = 0;
  std::int64_t initial_offset_ = 0;
  bool is_start_settled_ = false;
  bool has_predicted_ = false;

  // Decoding and presentation stamps: of the current call, and the expected ones of the next.
  std::int64_t dts_us_ = no_stamp;
  std::int64_t pts_us_ = no_stamp;
  std::int64_t next_dts_us_ = no_stamp;
  std::int64_t next_pts_us_ = no_stamp;
  std::int64_t last_dts_us_ = no_stamp;
  std::int64_t packet_duration_us_ = 0;

  bool is_draining_ = false;
  std::deque<std::int64_t> drain_stamps_;  // one for every call since the container's end, in the time base
};

}  // namespace transnet::media
