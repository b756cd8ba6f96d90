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

/// Brings samples into frames of the size that an encoder takes, whatever frames they come in: the last one alone may
/// be shorter. Where samples are missing, there is silence; where many are, the stamps go on behind a hole.
class SampleQueue {
 public:
  static constexpr std::int64_t most_silence_s = 60;

  /// `take` is called with each frame that is full, its stamp in samples.
  using Take = std::function<void(const AVFrame&)>;

  /// `encoder` must be open, and outlive the queue.
  SampleQueue(const AVCodecContext& encoder, Take take);

  /// `samples`: in the encoder's format and at its rate; its stamp is in samples, and grows from frame to frame but for
  /// what overlaps, which is dropped.
  void push(const AVFrame& samples);
  /// No samples follow.
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
  int frame_size_;                // 0: frames may be of any size
  std::int64_t next_ = no_stamp;  // where the next sample that is pushed belongs
};

}  // namespace transnet::media
