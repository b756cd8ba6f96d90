// SPDX-License-Identifier: Apache-2.0
#include "media/metadata.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/source_timecode.hpp"

namespace transnet::media {
namespace {

// ffprobe prints six decimals, and the reference computes with them: the number of frames can depend on it.
double as_printed(double seconds) {
  constexpr int decimals = 6;
  std::array<char, std::numeric_limits<double>::max_exponent10 + decimals + 4> text{};
  const auto printed =
      std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed, decimals);
  double value = seconds;
  std::from_chars(text.data(), printed.ptr, value);
  return value;
}

std::optional<double> duration_s(const AVFormatContext& format, const AVStream& stream) {
  if (stream.duration != no_stamp) {
    return as_printed(static_cast<double>(stream.duration) * av_q2d(stream.time_base));
  }
  if (format.duration != no_stamp) return as_printed(static_cast<double>(format.duration) * av_q2d(microseconds));
  return std::nullopt;
}

std::optional<std::string> last_audio_codec(const AVFormatContext& format) {
  std::optional<std::string> name;
  for (unsigned index = 0; index < format.nb_streams; ++index) {
    const AVCodecParameters& parameters = *format.streams[index]->codecpar;
    if (parameters.codec_type != AVMEDIA_TYPE_AUDIO) continue;
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(parameters.codec_id);
    name = descriptor != nullptr ? std::optional<std::string>(descriptor->name) : std::nullopt;
  }
  return name;
}

std::vector<AudioStream> audio_streams_of(const Demuxer& demuxer) {
  std::vector<AudioStream> streams;
  const AVFormatContext& format = demuxer.format();
  for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
    const AVCodecParameters& parameters = *stream->codecpar;
    if (parameters.codec_type != AVMEDIA_TYPE_AUDIO || is_of_another_program(format, *stream, demuxer.stream())) {
      continue;
    }
    streams.push_back({stream->index, channel_count(parameters), parameters.sample_rate});
  }
  return streams;
}

/// A quarter or half turn; other angles have no size of their own.
std::optional<std::int64_t> rotation_of(const AVStream& stream) {
  const std::int32_t* const matrix = stream_display_matrix(stream);
  const int degrees = matrix != nullptr ? clockwise_degrees(matrix).value_or(0) : 0;
  if (degrees == 0 || degrees % 90 != 0) return std::nullopt;
  return degrees;
}

void set_size(int width, int height, VideoMetadata& metadata) {
  if (width <= 0 || height <= 0) return;
  metadata.width = width;
  metadata.height = height;
}

void set_pixel_shape(AVRational shape, VideoMetadata& metadata) {
  if (shape.num <= 0 || shape.den <= 0 || shape.num == shape.den) return;
  metadata.pixel_width = shape.num;
  metadata.pixel_height = shape.den;
}

void read_start(AVFormatContext& format, VideoMetadata& metadata) {
  metadata.container = format.iformat->name;
  if (format.start_time == no_stamp) return;
  metadata.start_s = static_cast<double>(format.start_time) * av_q2d(microseconds);
  metadata.first_packet_s = metadata.start_s;
  for (AVStream* stream : std::span(format.streams, format.nb_streams)) {
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || index_entry_count(*stream) == 0) continue;
    const double first_s = static_cast<double>(index_entry(*stream, 0).timestamp) * av_q2d(stream->time_base);
    metadata.first_packet_s = std::min(*metadata.first_packet_s, first_s);
  }
}

}  // namespace

VideoMetadata read_metadata(const Demuxer& demuxer) {
  constexpr std::int64_t unknown_bit_rate_k = 2000;
  constexpr std::int64_t kilo = 1024;
  const AVStream& stream = demuxer.stream();
  const AVCodecParameters& parameters = *stream.codecpar;

  VideoMetadata metadata;
  metadata.size = demuxer.source().size();
  set_size(parameters.width, parameters.height, metadata);
  metadata.rotation = rotation_of(stream);
  set_pixel_shape(av_guess_sample_aspect_ratio(&demuxer.format(), &demuxer.stream(), nullptr), metadata);
  const AVRational rate = stream.avg_frame_rate;
  if (rate.num > 0 && rate.den > 0) metadata.framerate = static_cast<double>(rate.num) / rate.den;
  metadata.duration = duration_s(demuxer.format(), stream);
  if (metadata.framerate && metadata.duration) {
    const double frames = std::trunc(*metadata.duration * *metadata.framerate);
    constexpr double most = 9e18;
    if (std::abs(frames) < most) metadata.num_frames = static_cast<std::int64_t>(frames);
  }
  if (const AVCodecDescriptor* descriptor = avcodec_descriptor_get(parameters.codec_id)) {
    metadata.video_codec = descriptor->name;
  }
  if (const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters.format))) {
    metadata.pixel_format = format;
  }
  metadata.audio_codec = last_audio_codec(demuxer.format());
  metadata.audio_streams = audio_streams_of(demuxer);
  read_start(demuxer.format(), metadata);
  metadata.timecode = stated_timecode(demuxer.format(), stream);
  metadata.bit_rate_k = parameters.bit_rate > 0 ? parameters.bit_rate / kilo : unknown_bit_rate_k;
  return metadata;
}

void complete_metadata(const AVFrame& picture, VideoMetadata& metadata) {
  if (metadata.width) return;
  set_size(picture.width, picture.height, metadata);
  set_pixel_shape(picture.sample_aspect_ratio, metadata);
}

}  // namespace transnet::media
