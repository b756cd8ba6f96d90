// SPDX-License-Identifier: Apache-2.0
#include "media/ffmpeg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <span>

namespace transnet::media {

PacketPtr make_packet() {
  PacketPtr packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

FramePtr make_frame() {
  FramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

PacketPtr clone_packet(const AVPacket& packet) {
  PacketPtr copy(av_packet_clone(&packet));
  if (!copy) throw std::bad_alloc();
  return copy;
}

FramePtr clone_frame(const AVFrame& frame) {
  FramePtr copy(av_frame_clone(&frame));
  if (!copy) throw std::bad_alloc();
  return copy;
}

std::string error_text(int averror) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  if (av_strerror(averror, text.data(), text.size()) < 0) return "FFmpeg error " + std::to_string(averror);
  return text.data();
}

ErrorCode error_code(int averror) noexcept {
  switch (averror) {
    case AVERROR_EXIT: return ErrorCode::cancelled;
    case AVERROR_PATCHWELCOME:
    case AVERROR(ENOSYS):
    case AVERROR_EXPERIMENTAL:
    case AVERROR_DECODER_NOT_FOUND: return ErrorCode::unsupported;
    case AVERROR(ENOMEM): return ErrorCode::out_of_memory;
    case AVERROR(EIO): return ErrorCode::io;
    case AVERROR_BUG:
    case AVERROR_BUG2: return ErrorCode::internal;
    default: return ErrorCode::invalid_media;
  }
}

bool is_of_another_program(const AVFormatContext& format, const AVStream& stream, const AVStream& video) {
  bool has_program = false;
  for (const AVProgram* program : std::span(format.programs, format.nb_programs)) {
    const std::span<const unsigned> members(program->stream_index, program->nb_stream_indexes);
    const auto has = [&members](const AVStream& member) {
      return std::ranges::find(members, static_cast<unsigned>(member.index)) != members.end();
    };
    if (!has(stream)) continue;
    if (has(video)) return false;
    has_program = true;
  }
  return has_program && &stream != &video;
}

int channel_count(const AVCodecParameters& parameters) noexcept {
#if TRANSNET_FFMPEG_HAS_CHANNEL_LAYOUTS
  return parameters.ch_layout.nb_channels;
#else
  return parameters.channels;
#endif
}

std::span<const AVPacketSideData> side_data_of(const AVStream& stream) noexcept {
#if TRANSNET_FFMPEG_CODEC_PARAMETERS_HAVE_SIDE_DATA
  const AVCodecParameters& parameters = *stream.codecpar;
  return {parameters.coded_side_data, static_cast<std::size_t>(parameters.nb_coded_side_data)};
#else
  return {stream.side_data, static_cast<std::size_t>(stream.nb_side_data)};
#endif
}

bool has_side_data(const AVStream& stream, AVPacketSideDataType type) noexcept {
  return std::ranges::any_of(side_data_of(stream), [type](const AVPacketSideData& data) { return data.type == type; });
}

void add_side_data(AVStream& stream, AVPacketSideDataType type, std::span<const std::uint8_t> data) {
#if TRANSNET_FFMPEG_CODEC_PARAMETERS_HAVE_SIDE_DATA
  AVCodecParameters& parameters = *stream.codecpar;
  const AVPacketSideData* added =
      av_packet_side_data_new(&parameters.coded_side_data, &parameters.nb_coded_side_data, type, data.size(), 0);
  std::uint8_t* copy = added != nullptr ? added->data : nullptr;
#else
  std::uint8_t* copy = av_stream_new_side_data(&stream, type, data.size());
#endif
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, data.data(), data.size());
}

std::optional<int> clockwise_degrees(const std::int32_t* matrix) {
  const double counterclockwise = av_display_rotation_get(matrix);
  if (std::isnan(counterclockwise)) return std::nullopt;
  return static_cast<int>(std::fmod(360.0 - std::round(counterclockwise), 360.0));
}

std::string ratio_text(AVRational value) { return std::to_string(value.num) + "/" + std::to_string(value.den); }

const std::int32_t* stream_display_matrix(const AVStream& stream) noexcept {
#if TRANSNET_FFMPEG_CODEC_PARAMETERS_HAVE_SIDE_DATA
  const AVPacketSideData* side_data = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  const void* data = side_data != nullptr ? side_data->data : nullptr;
#else
  const void* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
  return static_cast<const std::int32_t*>(data);
}

const std::int32_t* frame_display_matrix(const AVFrame& frame) noexcept {
  const AVFrameSideData* side_data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  if (side_data == nullptr) return nullptr;
  const void* data = side_data->data;
  return static_cast<const std::int32_t*>(data);
}

}  // namespace transnet::media
