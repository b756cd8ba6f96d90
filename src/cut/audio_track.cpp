// SPDX-License-Identifier: Apache-2.0
#include "cut/audio_track.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include "cut/audio_format.hpp"
#include "cut/container_properties.hpp"
#include "media/encoder.hpp"
#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace transnet::media {
namespace {

/// The lowest rate that loses nothing, or the highest one.
int choose_rate(const AVCodec& codec, int decoded) {
  int best = 0;
  for (const int rate : sample_rates(codec)) {
    const bool is_better = best < decoded ? rate > best : rate >= decoded && rate < best;
    if (best == 0 || is_better) best = rate;
  }
  return best != 0 ? best : decoded;
}

CodecContextPtr open(const AVStream& stream, AVSampleFormat decoded, const CutOptions& options, const Muxer& muxer) {
  const AVCodec& codec = find_encoder(options.audio_codec, AVMEDIA_TYPE_AUDIO);
  CodecContextPtr encoder = make_encoder(codec);
  const auto formats = sample_formats(codec);
  const bool takes_decoded = formats.empty() || std::ranges::find(formats, decoded) != formats.end();
  encoder->sample_fmt = takes_decoded && decoded != AV_SAMPLE_FMT_NONE ? decoded
                        : formats.empty()                              ? AV_SAMPLE_FMT_S16
                                                                       : formats.front();
  encoder->sample_rate = muxer.only_sample_rate().value_or(choose_rate(codec, stream.codecpar->sample_rate));
  set_channels(*stream.codecpar, *encoder);
  encoder->time_base = {1, encoder->sample_rate};
  if (muxer.wants_global_headers()) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  open_encoder(*encoder);
  return encoder;
}

}  // namespace

CodecContextPtr open_audio_decoder(const AVStream& stream) {
  if (stream.codecpar->sample_rate <= 0 || channel_count(*stream.codecpar) <= 0) {
    throw Error(ErrorCode::unsupported, "the container states no audio format");
  }
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) throw Error(ErrorCode::unsupported, "this FFmpeg has no decoder for it");
  CodecContextPtr decoder(avcodec_alloc_context3(codec));
  if (!decoder) throw std::bad_alloc();
  decoder->log_level_offset = silent_log_offset;
  decoder->pkt_timebase = stream.time_base;
  int result = avcodec_parameters_to_context(decoder.get(), stream.codecpar);
  if (result >= 0) result = avcodec_open2(decoder.get(), codec, nullptr);
  if (result < 0) throw Error(ErrorCode::unsupported, "its decoder cannot be opened: " + error_text(result));
  return decoder;
}

AudioTrack::AudioTrack(const AVStream& stream, CodecContextPtr decoder, std::int64_t start_us, std::int64_t end_us,
                       const CutOptions& options, Muxer& muxer)
    : stream_(stream),
      start_us_(start_us),
      end_us_(end_us),
      muxer_(muxer),
      decoder_(std::move(decoder)),
      encoder_(open(stream, decoder_->sample_fmt, options, muxer)),
      queue_(*encoder_, [this](const AVFrame& frame) { encode_and_write(&frame); }) {
  AVStream& to = muxer.add_stream();
  output_ = to.index;
  to.time_base = encoder_->time_base;
  if (avcodec_parameters_from_context(to.codecpar, encoder_.get()) < 0) throw std::bad_alloc();
  copy_stream_properties(stream, to);
}

void AudioTrack::take(const AVPacket& packet) {
  if (is_over_) return;
  const std::int64_t stamp = packet.pts != no_stamp ? packet.pts : packet.dts;
  if (stamp != no_stamp && rescaled(stamp, stream_.time_base, microseconds) >= end_us_) {
    is_over_ = true;
    return;
  }
  decode(&packet);
}

void AudioTrack::decode(const AVPacket* packet) {
  // Damaged packets are skipped: the next stamps show how much is missing.
  if (avcodec_send_packet(decoder_.get(), packet) == AVERROR(ENOMEM)) throw std::bad_alloc();
  const FramePtr frame = make_frame();
  while (avcodec_receive_frame(decoder_.get(), frame.get()) >= 0) {
    take_frame(*frame);
    av_frame_unref(frame.get());
  }
}

/// The position of the frame's first sample, in samples from the clip's start.
std::int64_t AudioTrack::position_of(const AVFrame& frame) {
  const AVRational sample{1, frame.sample_rate};
  std::int64_t position = next_position_;
  if (frame.pts != no_stamp) {
    const std::int64_t stamped =
        minus(rescaled(frame.pts, stream_.time_base, sample), rescaled(start_us_, microseconds, sample));
    // Rounded stamps (to a millisecond, for example) would separate neighbouring samples.
    const std::int64_t tolerance = frame.sample_rate / 100;
    if (position == no_stamp || distance(stamped, position) > tolerance) position = stamped;
  }
  return position == no_stamp ? 0 : position;
}

void AudioTrack::take_frame(AVFrame& frame) {
  if (frame.sample_rate != rate_ || frame.format != format_ || channel_count(frame) != channels_) {
    end_chain();
    next_position_ = no_stamp;
    rate_ = frame.sample_rate;
    format_ = frame.format;
    channels_ = channel_count(frame);
  }
  const std::int64_t position = position_of(frame);
  // The resampler would fill a gap of any length with silence.
  if (minus(position, next_position_) > SampleQueue::most_silence_s * rate_) end_chain();
  next_position_ = plus(position, frame.nb_samples);
  const std::int64_t length = rescaled(minus(end_us_, start_us_), microseconds, {1, rate_});
  const std::int64_t first = std::clamp<std::int64_t>(-position, 0, frame.nb_samples);
  const std::int64_t last = std::clamp<std::int64_t>(minus(length, position), first, frame.nb_samples);
  if (first == last) return;

  const FramePtr cut = make_frame();
  make_samples(frame, static_cast<int>(last - first), *cut);
  av_samples_copy(cut->extended_data, frame.extended_data, 0, static_cast<int>(first), cut->nb_samples, channels_,
                  static_cast<AVSampleFormat>(format_));
  cut->pts = position + first;
  filter(cut.get());
}

void AudioTrack::filter(AVFrame* frame) {
  if (!chain_) {
    const bool is_late = frame->pts > SampleQueue::most_silence_s * rate_;
    chain_ = FilterChain("abuffer@in=time_base=1/" + std::to_string(rate_) + ":sample_rate=" + std::to_string(rate_) +
                         ":sample_fmt=" + av_get_sample_fmt_name(static_cast<AVSampleFormat>(format_)) +
                         ":channel_layout=" + channel_text(*frame) + ",aresample=async=1" +
                         (has_begun_ || is_late ? "" : ":first_pts=0") +
                         ",aformat=sample_fmts=" + av_get_sample_fmt_name(encoder_->sample_fmt) +
                         ":sample_rates=" + std::to_string(encoder_->sample_rate) +
                         ":channel_layouts=" + channel_text(*encoder_) + ",abuffersink@out");
    has_begun_ = true;
  }
  chain_.push(frame);
  const FramePtr filtered = make_frame();
  while (chain_.pull(*filtered)) {
    filtered->pts = av_rescale_q(filtered->pts, av_buffersink_get_time_base(&chain_.sink()), encoder_->time_base);
    queue_.push(*filtered);
    av_frame_unref(filtered.get());
  }
}

void AudioTrack::end_chain() {
  if (chain_) filter(nullptr);
  chain_ = {};
}

void AudioTrack::encode_and_write(const AVFrame* frame) {
  encode(*encoder_, frame, [this](AVPacket& packet) { muxer_.write(packet, output_, encoder_->time_base); });
}

void AudioTrack::end() {
  decode(nullptr);
  end_chain();
  if (muxer_.needs_sound_for_each_picture()) {
    queue_.fill_until(rescaled(minus(end_us_, start_us_), microseconds, encoder_->time_base));
  }
  queue_.end();
  encode_and_write(nullptr);
}

}  // namespace transnet::media
