// SPDX-License-Identifier: Apache-2.0
#include "cut/sample_queue.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "cut/audio_format.hpp"
#include "media/stamp_arithmetic.hpp"

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace transnet::media {
namespace {

void** planes_of(const AVFrame& frame) noexcept { return reinterpret_cast<void**>(frame.extended_data); }

FramePtr frame_for(const AVCodecContext& encoder, int sample_count) {
  FramePtr frame = make_frame();
  make_samples(encoder, sample_count, *frame);
  return frame;
}

}  // namespace

SampleQueue::SampleQueue(const AVCodecContext& encoder, Take take)
    : encoder_(encoder),
      take_(std::move(take)),
      fifo_(av_audio_fifo_alloc(encoder.sample_fmt, channel_count(encoder), std::max(encoder.frame_size, 1))),
      frame_size_((encoder.codec->capabilities & AV_CODEC_CAP_VARIABLE_FRAME_SIZE) != 0 ? 0 : encoder.frame_size) {
  if (!fifo_) throw std::bad_alloc();
}

void SampleQueue::push(const AVFrame& samples) {
  if (next_ == no_stamp) next_ = samples.pts;
  // The end of one resampler and the start of the next are rounded: only a larger difference is a gap or an overlap.
  const std::int64_t tolerance = encoder_.sample_rate / 100;
  const std::int64_t gap = minus(samples.pts, next_);
  if (gap > most_silence_s * encoder_.sample_rate) {
    leave_hole(samples.pts);
  } else if (gap > tolerance) {
    fill_gap(gap);
  }
  if (gap >= -tolerance) return append(samples);
  const auto overlap = static_cast<int>(std::min<std::int64_t>(-gap, samples.nb_samples));
  if (overlap == samples.nb_samples) return;
  const FramePtr rest = frame_for(encoder_, samples.nb_samples - overlap);
  av_samples_copy(rest->extended_data, samples.extended_data, 0, overlap, rest->nb_samples, channel_count(encoder_),
                  encoder_.sample_fmt);
  append(*rest);
}

void SampleQueue::fill_gap(std::int64_t sample_count) {
  if (sample_count <= 0) return;
  constexpr std::int64_t most_at_a_time = 4096;
  const FramePtr silence = frame_for(encoder_, static_cast<int>(std::min(sample_count, most_at_a_time)));
  av_samples_set_silence(silence->extended_data, 0, silence->nb_samples, channel_count(encoder_), encoder_.sample_fmt);
  for (; sample_count > 0; sample_count -= silence->nb_samples) {
    silence->nb_samples = static_cast<int>(std::min<std::int64_t>(sample_count, silence->nb_samples));
    append(*silence);
  }
}

void SampleQueue::leave_hole(std::int64_t until) {
  const int waiting = av_audio_fifo_size(fifo_.get());
  if (waiting > 0) fill_gap(frame_size_ - waiting);
  next_ = until;
}

void SampleQueue::append(const AVFrame& samples) {
  const int sample_count = samples.nb_samples;
  if (av_audio_fifo_write(fifo_.get(), planes_of(samples), sample_count) < sample_count) throw std::bad_alloc();
  next_ += sample_count;
  if (frame_size_ == 0) return hand_out(sample_count);
  while (av_audio_fifo_size(fifo_.get()) >= frame_size_) hand_out(frame_size_);
}

void SampleQueue::hand_out(int sample_count) {
  const FramePtr frame = frame_for(encoder_, sample_count);
  frame->pts = next_ - av_audio_fifo_size(fifo_.get());
  if (av_audio_fifo_read(fifo_.get(), planes_of(*frame), sample_count) < sample_count) throw std::bad_alloc();
  take_(*frame);
}

void SampleQueue::fill_until(std::int64_t position) {
  if (next_ == no_stamp) next_ = 0;
  fill_gap(minus(position, next_));
}

void SampleQueue::end() {
  if (const int rest = av_audio_fifo_size(fifo_.get()); rest > 0) hand_out(rest);
}

}  // namespace transnet::media
