// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "media/ffmpeg.hpp"

extern "C" {
#include <libavutil/audio_fifo.h>
}

namespace transnet::media {

/// Regroups samples into frames of the encoder's size; only the last frame may be shorter. Short gaps become silence;
/// after a long gap, the stamps continue behind it.
class SampleQueue {
 public:
  static constexpr std::int64_t most_silence_s = 60;

  /// Called with each full frame; its stamp is in samples.
  using Take = std::function<void(const AVFrame&)>;

  /// `encoder` must be open, and outlive the queue.
  SampleQueue(const AVCodecContext& encoder, Take take);

  /// `samples`: in the encoder's format and rate; the stamp is in samples and increases from frame to frame.
  /// Overlapping samples are dropped.
  void push(const AVFrame& samples);
  /// Adds silence until this position, in samples, if the samples end before it.
  void fill_until(std::int64_t position);
  /// Ends the queue.
  void end();

 private:
  struct FifoFreer {
    void operator()(AVAudioFifo* fifo) const noexcept { av_audio_fifo_free(fifo); }
  };

  void fill_gap(std::int64_t sample_count);
  void leave_hole(std::int64_t until);
  void append(const AVFrame& samples);
  void hand_out(int sample_count);

  const AVCodecContext& encoder_;
  Take take_;
  std::unique_ptr<AVAudioFifo, FifoFreer> fifo_;
  int frame_size_;                // 0: any size
  std::int64_t next_ = no_stamp;  // position of the next pushed sample
};

}  // namespace transnet::media
