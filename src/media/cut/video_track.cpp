#include "media/cut/video_track.hpp"

#include <algorithm>
#include <string>

#include "media/cut/container_properties.hpp"
#include "media/cut/encoder.hpp"
#include "number_text.hpp"

namespace transnet::media {
namespace {

AVPixelFormat choose_format(const AVCodec& codec, AVPixelFormat decoded) {
  const auto formats = pixel_formats(codec);
  if (formats.empty() || std::ranges::find(formats, decoded) != formats.end()) return decoded;
  AVPixelFormat best = AV_PIX_FMT_NONE;
  for (const AVPixelFormat format : formats) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    if (description == nullptr || (description->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) continue;
    best = best == AV_PIX_FMT_NONE ? format : av_find_best_pix_fmt_of_2(best, format, decoded, 0, nullptr);
  }
  return best == AV_PIX_FMT_NONE ? decoded : best;
}

void set_up(AVCodecContext& encoder, AVFormatContext& video, AVStream& stream, const AVFrame& first) {
  encoder.width = first.width;
  encoder.height = first.height;
  encoder.pix_fmt = choose_format(*encoder.codec, static_cast<AVPixelFormat>(first.format));
  // Stamps stay as they are, whatever the rate: the rate is for the encoder's control of bits alone.
  encoder.time_base = stream.time_base;
  encoder.framerate = av_guess_frame_rate(&video, &stream, nullptr);
  encoder.sample_aspect_ratio = first.sample_aspect_ratio;
  encoder.color_primaries = first.color_primaries;
  encoder.color_trc = first.color_trc;
  encoder.colorspace = first.colorspace;
  encoder.color_range = first.color_range;
  encoder.chroma_sample_location = first.chroma_location;
  encoder.field_order = stream.codecpar->field_order;
  const bool has_fields = encoder.field_order != AV_FIELD_UNKNOWN && encoder.field_order != AV_FIELD_PROGRESSIVE;
  if (has_fields) encoder.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
}

}  // namespace

EncoderOptions picture_options(const CutOptions& options) {
  EncoderOptions chosen;
  if (options.crf) chosen.emplace_back("crf", number_text(*options.crf));
  if (!options.preset.empty()) chosen.emplace_back("preset", options.preset);
  return chosen;
}

namespace {

CodecContextPtr open(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options,
                     const Muxer& muxer) {
  CodecContextPtr encoder = make_encoder(find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO));
  set_up(*encoder, video, stream, first);
  encoder->thread_count = options.threads;
  if (muxer.wants_global_headers()) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  open_encoder(*encoder, picture_options(options));
  return encoder;
}

}  // namespace

VideoTrack::VideoTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, const CutOptions& options,
                       Muxer& muxer)
    : muxer_(muxer),
      time_base_(stream.time_base),
      encoder_(open(video, stream, first, options, muxer)),
      converter_(encoder_->pix_fmt, encoder_->width, encoder_->height) {
  AVStream& to = muxer.add_stream();
  output_ = to.index;
  to.time_base = time_base_;
  if (avcodec_parameters_from_context(to.codecpar, encoder_.get()) < 0) throw std::bad_alloc();
  copy_stream_properties(stream, to);
  keep_picture_properties(first, to);
  to.sample_aspect_ratio = encoder_->sample_aspect_ratio;
}

void VideoTrack::take(AVFrame& picture) {
  if (holds_) {
    picture.pts = std::max(picture.pts, held_->pts + 1);
    send(picture.pts);
  }
  converter_.apply(picture);
  av_frame_move_ref(held_.get(), &picture);
  holds_ = true;
}

void VideoTrack::send(std::int64_t end) {
  durations_[held_->pts] = std::max<std::int64_t>(end - held_->pts, 1);
  held_->pict_type = AV_PICTURE_TYPE_NONE;  // the encoder would take the video's types for orders
  encode(*encoder_, held_.get(), [this](AVPacket& packet) { write(packet); });
  av_frame_unref(held_.get());
  holds_ = false;
}

void VideoTrack::write(AVPacket& packet) {
  if (const auto known = durations_.find(packet.pts); known != durations_.end()) {
    packet.duration = known->second;
    durations_.erase(known);
  }
  muxer_.write(packet, output_, time_base_);
}

void VideoTrack::end(std::int64_t end) {
  if (holds_) send(end);
  encode(*encoder_, nullptr, [this](AVPacket& packet) { write(packet); });
}

}  // namespace transnet::media
