// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"
#include "media/stamp_clock.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::media {

/// Puts a stream's packets on one continuous clock that starts at zero, as the `ffmpeg` command does before it decodes:
/// the container's start is subtracted, jumps of formats that allow them are closed, absurd stamps are removed and
/// missing decoding stamps are predicted from the durations. The decoder picks the better of the two stamps of a frame,
/// so what it sees decides what the frame's time becomes.
///
/// The command notices a jump back by what the durations let it expect, and a stream that lies about its rate moves
/// with every packet then. That is done for `Timing::constant_rate` alone: for `presentation` the stamps decide, by
/// `StampClock`.
///
/// Calls: `begin(packet)`, or once `begin_drain()` at the end of the container; then around every call of the decoder
/// for it `before_call` and `after_call`.
class DecoderClock {
 public:
  DecoderClock(const Demuxer& demuxer, const AVCodecContext& decoder, Timing timing);

  void begin(AVPacket& packet);
  void begin_drain();
  void before_call();
  /// `frame`: what the decoder gave, null for nothing. `is_first`: the call that handed the packet over.
  void after_call(const AVFrame* frame, bool is_first) noexcept;

  /// For a frame without a stamp that comes out after the container's end: the next predicted one, or `no_stamp`.
  [[nodiscard]] std::int64_t take_drain_stamp();

  /// What was added to the container's stamps at the start, in the stream's time base.
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

  // Stamps of decoding and presentation: of the current call, and what the next one is expected to have.
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
