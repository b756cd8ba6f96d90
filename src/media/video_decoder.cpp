// SPDX-License-Identifier: Apache-2.0
#include "media/video_decoder.hpp"

#include <new>

#include "media/decoder_device.hpp"

namespace transnet::media {
namespace {

/// How often a codec may halve the picture while it stays several times as large as the scaled one.
int halvings(const AVCodec& codec, const AVCodecParameters& picture, const FrameSize& size) noexcept {
  constexpr int least_ratio = 4;
  int count = 0;
  while (count < codec.max_lowres && (picture.width >> (count + 1)) >= least_ratio * size.width &&
         (picture.height >> (count + 1)) >= least_ratio * size.height) {
    ++count;
  }
  return count;
}

CodecContextPtr open_codec(const Demuxer& demuxer, PictureMemory& memory, const DecodeOptions& options,
                           const FrameSize& frame_size) {
  const AVStream& stream = demuxer.stream();
  const AVCodecID id = stream.codecpar->codec_id;
  const AVCodec* codec = avcodec_find_decoder(id);
  if (codec == nullptr) {
    throw Error(ErrorCode::unsupported,
                demuxer.name() + ": this FFmpeg has no decoder for the codec " + avcodec_get_name(id));
  }
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->log_level_offset = silent_log_offset;
  memory.serve(*context);
  choose_decoder(*context, options.decoder);
  int result = avcodec_parameters_to_context(context.get(), stream.codecpar);
  context->framerate = stream.avg_frame_rate;
  context->pkt_timebase = stream.time_base;
  // With frame threads, the single picture of a cover would come out only at the end of the file.
  context->thread_count = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0 ? 1 : options.threads;
  if (options.fast) {
    context->skip_loop_filter = AVDISCARD_ALL;
    context->flags2 |= AV_CODEC_FLAG2_FAST;
    context->lowres = halvings(*codec, *stream.codecpar, frame_size);
  }
  if (result >= 0) result = avcodec_open2(context.get(), codec, nullptr);
  if (result < 0) {
    throw Error(ErrorCode::unsupported, demuxer.name() + ": the decoder for the codec " + avcodec_get_name(id) +
                                            " cannot be opened: " + error_text(result));
  }
  return context;
}

}  // namespace

DecodeOptions exact_decoding(DecodeOptions options) {
  options.fast = false;
  options.decoder = "cpu";
  return options;
}

VideoDecoder::VideoDecoder(Demuxer& demuxer, const Deadline& deadline, const DecodeOptions& options,
                           const FrameSize& frame_size)
    : demuxer_(demuxer),
      deadline_(deadline),
      memory_(options.limits),
      context_(open_codec(demuxer, memory_, options, frame_size)),
      clock_(demuxer, *context_, options.timing) {
  const AVCodecParameters& parameters = *demuxer.stream().codecpar;
  if (!memory_.admits(parameters.width, parameters.height)) memory_.check(demuxer.name());
}

// A lack of memory in the decoder is not damage of the video.
void VideoDecoder::check(int averror) const {
  memory_.check(demuxer_.name());
  if (averror == AVERROR(ENOMEM)) throw Error(ErrorCode::out_of_memory, demuxer_.name() + ": out of memory");
}

bool VideoDecoder::next(AVFrame& frame) {
  while (state_ != State::ended) {
    deadline_.check(demuxer_.name());
    if (state_ == State::needs_packet) feed();
    if (state_ != State::needs_packet && take(frame)) return true;
  }
  return false;
}

void VideoDecoder::feed() {
  if (!demuxer_.read(*packet_)) {
    early_end_ = demuxer_.early_end();
    state_ = State::draining;
    is_first_call_ = true;
    avcodec_send_packet(context_.get(), nullptr);
    clock_.begin_drain();
    clock_.before_call();
    return;
  }
  clock_.begin(*packet_);
  clock_.before_call();
  is_first_call_ = true;
  if (packets_to_skip_ > 0) {
    --packets_to_skip_;
    av_packet_unref(packet_.get());
    clock_.after_call(nullptr, is_first_call_);
    return;
  }
  // An empty packet would mean the end of the stream to the decoder.
  const int sent = packet_->size > 0 ? avcodec_send_packet(context_.get(), packet_.get()) : 0;
  const bool is_fed = packet_->size > 0 && (sent >= 0 || sent == AVERROR_EOF);
  av_packet_unref(packet_.get());
  check(sent);
  if (is_fed) {
    state_ = State::needs_frame;
    return;
  }
  if (sent < 0) ++bad_packet_count_;
  clock_.after_call(nullptr, is_first_call_);
}

bool VideoDecoder::take(AVFrame& frame) {
  // A decoder with threads may report the damage of several packets while it is drained; the bound ends an endless one.
  constexpr int max_drain_errors = 1024;
  if (!is_first_call_) clock_.before_call();
  const int received = avcodec_receive_frame(context_.get(), &frame);
  if (received >= 0) (void)memory_.admits(frame.width, frame.height);
  check(received);
  if (received < 0 && received != AVERROR(EAGAIN) && received != AVERROR_EOF) ++bad_packet_count_;

  if (state_ == State::draining) {
    const bool may_go_on = received >= 0 || (received != AVERROR_EOF && ++drain_errors_ < max_drain_errors);
    if (!may_go_on) state_ = State::ended;
  } else if (received < 0) {
    state_ = State::needs_packet;
  }
  if (received >= 0) {
    std::int64_t stamp = frame.best_effort_timestamp;
    if (stamp == no_stamp && state_ == State::draining) stamp = clock_.take_drain_stamp();
    if (stamp != no_stamp) frame.pts = frame.best_effort_timestamp = stamp;
  }
  clock_.after_call(received >= 0 ? &frame : nullptr, is_first_call_);
  is_first_call_ = false;
  if (received < 0) return false;

  is_by_device_ = bring_to_main_memory(frame);
  const AVRational container_aspect = demuxer_.stream().sample_aspect_ratio;
  if (container_aspect.num != 0) frame.sample_aspect_ratio = container_aspect;
  return true;
}

}  // namespace transnet::media
