// SPDX-License-Identifier: Apache-2.0
#include "cut/muxer.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <string_view>

#include "media/stamp_arithmetic.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

namespace {

// libavformat, mxf_essence_mappings.
constexpr std::array codecs_of_mxf = {AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_H264,     AV_CODEC_ID_DNXHD,
                                      AV_CODEC_ID_PRORES,     AV_CODEC_ID_JPEG2000, AV_CODEC_ID_DVVIDEO,
#if TRANSNET_FFMPEG_WRITES_FFV1_IN_MXF
                                      AV_CODEC_ID_FFV1,
#endif
                                      AV_CODEC_ID_PCM_S16LE,  AV_CODEC_ID_PCM_S24LE};

// libavformat, get_dvb_stream_type. Its writer takes others as well, as data that no program can read.
constexpr std::array codecs_of_transport_streams = {
    AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H264,   AV_CODEC_ID_HEVC,
    AV_CODEC_ID_VVC,        AV_CODEC_ID_CAVS,       AV_CODEC_ID_AVS2,  AV_CODEC_ID_AVS3,   AV_CODEC_ID_DIRAC,
    AV_CODEC_ID_VC1,        AV_CODEC_ID_MP2,        AV_CODEC_ID_MP3,   AV_CODEC_ID_AAC,    AV_CODEC_ID_AAC_LATM,
    AV_CODEC_ID_AC3,        AV_CODEC_ID_EAC3,       AV_CODEC_ID_DTS,   AV_CODEC_ID_TRUEHD, AV_CODEC_ID_OPUS,
    AV_CODEC_ID_S302M,      AV_CODEC_ID_PCM_BLURAY};

template <typename Codecs>
bool holds(const Codecs& codecs, AVCodecID codec) noexcept {
  return std::ranges::find(codecs, codec) != codecs.end();
}

bool is_mxf(const AVOutputFormat& container) noexcept { return container.name == std::string_view("mxf"); }

}  // namespace

bool can_hold(const AVOutputFormat& container, AVCodecID codec) noexcept {
  if (is_mxf(container)) return holds(codecs_of_mxf, codec);  // its writer does not say
  const auto type = avcodec_get_type(codec);
  if (container.name == std::string_view("mpegts") && (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO)) {
    return holds(codecs_of_transport_streams, codec);
  }
  // These do not say either: Y4M takes pictures of an encoder of its own, and RealMedia only the oldest of its codecs.
  if (container.video_codec == AV_CODEC_ID_WRAPPED_AVFRAME) return codec == AV_CODEC_ID_WRAPPED_AVFRAME;
  if (container.name == std::string_view("rm") && type == AVMEDIA_TYPE_VIDEO) return codec == AV_CODEC_ID_RV10;
  // Negative: the container does not say.
  return codec != AV_CODEC_ID_NONE && avformat_query_codec(&container, codec, FF_COMPLIANCE_NORMAL) != 0;
}

bool needs_start_codes(const AVOutputFormat& container) noexcept { return is_mxf(container); }

std::optional<int> max_b_frames(const AVOutputFormat& container, AVCodecID codec) noexcept {
  // AVI has no presentation stamps, and libavformat describes the order of pictures in MXF for MPEG-2 alone.
  const bool is_avi = container.name == std::string_view("avi");
  if (is_avi || (is_mxf(container) && codec != AV_CODEC_ID_MPEG2VIDEO)) return 0;
  return std::nullopt;
}

Muxer::Muxer(const std::filesystem::path& file, bool overwrites) : sink_(file, overwrites) {
  // Passes only the ending: FFmpeg would look for an address or a pattern in a whole name.
  const std::string name = "clip" + file.extension().string();
  AVFormatContext* format = nullptr;
  const int result = avformat_alloc_output_context2(&format, nullptr, nullptr, name.c_str());
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0) {
    throw Error(ErrorCode::invalid_argument,
                file.string() + ": this FFmpeg has no container with that file name ending");
  }
  format_.reset(format);
  // Formats that open their own files, such as segment lists, would bypass the sink.
  const bool is_one_file = (format->oformat->flags & AVFMT_NOFILE) == 0;
  if (!is_one_file || format->oformat->video_codec == AV_CODEC_ID_NONE) {
    throw Error(ErrorCode::unsupported, file.string() + ": the container " + format->oformat->name +
                                            (is_one_file ? " holds no video" : " writes more than one file"));
  }
  format_->pb = &sink_.io();
  format_->flags |= AVFMT_FLAG_CUSTOM_IO;
}

bool Muxer::wants_global_headers() const noexcept { return (format_->oformat->flags & AVFMT_GLOBALHEADER) != 0; }

bool Muxer::is_mxf() const noexcept { return media::is_mxf(*format_->oformat); }

std::optional<int> Muxer::only_sample_rate() const noexcept {
  if (!is_mxf()) return std::nullopt;
  return 48'000;
}

AVStream& Muxer::add_stream() {
  AVStream* stream = avformat_new_stream(format_.get(), nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  return *stream;
}

void Muxer::begin() {
  last_dts_.assign(format_->nb_streams, no_stamp);
  check(avformat_write_header(format_.get(), nullptr));
}

void Muxer::write(AVPacket& packet, int stream, AVRational time_base) {
  const AVRational unit = format_->streams[stream]->time_base;
  for (std::int64_t* value : {&packet.pts, &packet.dts, &packet.duration}) {
    *value = rescaled(*value, time_base, unit);
    if (*value != no_stamp && distance(*value, 0) > for_ever) {
      throw Error(ErrorCode::unsupported, sink_.file().string() + ": the container " + format_->oformat->name +
                                              " cannot hold the clip: a time stamp is out of range");
    }
  }
  packet.duration = std::max<std::int64_t>(packet.duration, 0);
  packet.stream_index = stream;
  packet.pos = -1;
  // A muxer refuses decoding stamps that do not increase. They come from damaged files and from coarser time bases.
  std::int64_t& last = last_dts_[static_cast<std::size_t>(stream)];
  if (packet.dts != no_stamp && last != no_stamp && packet.dts <= last) {
    packet.dts = plus(last, 1);
    if (packet.pts != no_stamp) packet.pts = std::max(packet.pts, packet.dts);
  }
  if (packet.dts != no_stamp) last = packet.dts;
  check(av_interleaved_write_frame(format_.get(), &packet));
}

void Muxer::finish() {
  check(av_write_trailer(format_.get()));
  sink_.commit();
}

void Muxer::check(int result) const {
  sink_.check();
  if (result >= 0) return;
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  throw Error(ErrorCode::unsupported, sink_.file().string() + ": the container " + format_->oformat->name +
                                          " cannot hold the clip: " + error_text(result));
}

}  // namespace transnet::media
