// SPDX-License-Identifier: Apache-2.0
#include "media/encoder.hpp"

#include <cstddef>
#include <new>
#include <string_view>

#include "transnet/error.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace transnet::media {
namespace {

std::string list_of_encoders(AVMediaType type) {
  std::string list;
  for (const std::string& name : encoder_names(type)) list.append(list.empty() ? "" : ", ").append(name);
  return list.empty() ? "none" : list;
}

#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
template <typename T>
std::span<const T> supported(const AVCodec& codec, AVCodecConfig config) noexcept {
  const void* values = nullptr;
  int count = 0;
  if (avcodec_get_supported_config(nullptr, &codec, config, 0, &values, &count) < 0 || values == nullptr) return {};
  return {static_cast<const T*>(values), static_cast<std::size_t>(count)};
}
#else
template <typename T>
std::span<const T> up_to(const T* values, T end) noexcept {
  std::size_t count = 0;
  while (values != nullptr && values[count] != end) ++count;
  return {values, count};
}

std::span<const AVRational> up_to_zero(const AVRational* rates) noexcept {
  std::size_t count = 0;
  while (rates != nullptr && rates[count].num != 0) ++count;
  return {rates, count};
}
#endif

}  // namespace

std::string encoder_advice() {
  constexpr std::string_view advice = TRANSNET_ENCODER_ADVICE;  // NOLINT(readability-redundant-string-init): may be ""
  return advice.empty() ? "" : ". " + std::string(advice);
}

std::vector<std::string> encoder_names(AVMediaType type) {
  std::vector<std::string> names;
  void* position = nullptr;
  while (const AVCodec* codec = av_codec_iterate(&position)) {
    if (codec->type == type && av_codec_is_encoder(codec) != 0) names.emplace_back(codec->name);
  }
  return names;
}

const AVCodec& find_encoder(const std::string& name, AVMediaType type) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  if (codec == nullptr) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(name.c_str());
    if (descriptor != nullptr) codec = avcodec_find_encoder(descriptor->id);
  }
  if (codec == nullptr || codec->type != type) {
    const bool is_video = type == AVMEDIA_TYPE_VIDEO;
    throw Error(ErrorCode::invalid_argument, (is_video ? "video_codec '" : "audio_codec '") + name + "' is not " +
                                                 (is_video ? "a video" : "an audio") + " encoder" +
                                                 " of this FFmpeg, which has " + list_of_encoders(type) +
                                                 encoder_advice());
  }
  return *codec;
}

std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec) noexcept {
#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
  return supported<AVPixelFormat>(codec, AV_CODEC_CONFIG_PIX_FORMAT);
#else
  return up_to(codec.pix_fmts, AV_PIX_FMT_NONE);
#endif
}

std::span<const AVSampleFormat> sample_formats(const AVCodec& codec) noexcept {
#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
  return supported<AVSampleFormat>(codec, AV_CODEC_CONFIG_SAMPLE_FORMAT);
#else
  return up_to(codec.sample_fmts, AV_SAMPLE_FMT_NONE);
#endif
}

std::span<const int> sample_rates(const AVCodec& codec) noexcept {
#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
  return supported<int>(codec, AV_CODEC_CONFIG_SAMPLE_RATE);
#else
  return up_to(codec.supported_samplerates, 0);
#endif
}

std::span<const AVRational> frame_rates(const AVCodec& codec) noexcept {
#if TRANSNET_FFMPEG_CODECS_ARE_ASKED
  return supported<AVRational>(codec, AV_CODEC_CONFIG_FRAME_RATE);
#else
  return up_to_zero(codec.supported_framerates);
#endif
}

CodecContextPtr make_encoder(const AVCodec& codec) {
  CodecContextPtr encoder(avcodec_alloc_context3(&codec));
  if (!encoder) throw std::bad_alloc();
  encoder->log_level_offset = silent_log_offset;
  return encoder;
}

void check_options(const AVCodec& codec, const EncoderOptions& options) {
  // A class without an object is searched through a pointer to it.
  const auto has_option = [](const AVClass* of, const std::string& name) {
    constexpr int of_encoders = AV_OPT_FLAG_ENCODING_PARAM | AV_OPT_FLAG_VIDEO_PARAM;
    return of != nullptr && av_opt_find(&of, name.c_str(), nullptr, of_encoders, AV_OPT_SEARCH_FAKE_OBJ) != nullptr;
  };
  for (const auto& [name, value] : options) {
    if (has_option(codec.priv_class, name) || has_option(avcodec_get_class(), name)) continue;
    throw Error(ErrorCode::invalid_argument, std::string("the encoder ") + codec.name + " has no option " + name);
  }
}

void open_encoder(AVCodecContext& encoder, const EncoderOptions& options) {
  AVDictionary* dictionary = nullptr;
  std::string with;
  for (const auto& [name, value] : options) {
    av_dict_set(&dictionary, name.c_str(), value.c_str(), 0);
    with.append(with.empty() ? " with " : ", ").append(name).append(" ").append(value);
  }
  const std::string name = encoder.codec->name;
  // x265 has a log of its own, on standard error.
  if (name == "libx265") av_dict_set(&dictionary, "x265-params", "log-level=none", AV_DICT_DONT_OVERWRITE);
  const int result = avcodec_open2(&encoder, nullptr, &dictionary);
  av_dict_free(&dictionary);
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0) {
    throw Error(ErrorCode::unsupported, "the encoder " + name + " cannot be opened" + with + ": " + error_text(result));
  }
}

void encode(AVCodecContext& encoder, const AVFrame* frame, const std::function<void(AVPacket&)>& write) {
  int result = avcodec_send_frame(&encoder, frame);
  const PacketPtr packet = make_packet();
  while (result >= 0) {
    result = avcodec_receive_packet(&encoder, packet.get());
    if (result < 0) break;
    write(*packet);
    av_packet_unref(packet.get());
  }
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  throw Error(ErrorCode::unsupported,
              std::string("the encoder ") + encoder.codec->name + " refuses a frame: " + error_text(result));
}

}  // namespace transnet::media
