// SPDX-License-Identifier: Apache-2.0
#include "media/metadata.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

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

}  // namespace

VideoMetadata read_metadata(const Demuxer& demuxer) {
  constexpr std::int64_t unknown_bit_rate_k = 2000;
  constexpr std::int64_t kilo = 1024;
  const AVStream& stream = demuxer.stream();
  const AVCodecParameters& parameters = *stream.codecpar;

  VideoMetadata metadata;
  metadata.size = demuxer.source().size();
  metadata.width = parameters.width;
  metadata.height = parameters.height;
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
  metadata.bit_rate_k = parameters.bit_rate > 0 ? parameters.bit_rate / kilo : unknown_bit_rate_k;
  return metadata;
}

}  // namespace transnet::media
