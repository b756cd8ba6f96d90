// SPDX-License-Identifier: Apache-2.0
#include "cut/clip_streams.hpp"

#include <algorithm>
#include <span>

#include "cut/audio_format.hpp"
#include "cut/container_properties.hpp"
#include "media/stamp_arithmetic.hpp"

namespace transnet::media {
namespace {

/// A text track that shows the chapters of a MOV file; the muxer writes its own.
bool is_track_of_chapters(const AVFormatContext& video, const AVStream& stream) noexcept {
  return video.nb_chapters > 0 && stream.codecpar->codec_id == AV_CODEC_ID_BIN_DATA &&
         stream.codecpar->codec_tag == MKTAG('t', 'e', 'x', 't');
}

/// Why a clip has no copy of the stream; empty: it has one. Without the numbers checked here, libavformat would refuse
/// the whole file.
std::string obstacle(const AVStream& stream, const Muxer& muxer) {
  const AVCodecParameters& parameters = *stream.codecpar;
  const bool is_data = parameters.codec_type == AVMEDIA_TYPE_DATA;
  if (is_data && parameters.codec_tag == MKTAG('t', 'm', 'c', 'd')) return "its timecode would be wrong in a clip";
  if (parameters.codec_id == AV_CODEC_ID_DVD_NAV) return "the places that it names are not in the clip";
  const std::string name = muxer.format().oformat->name;
  if (!muxer.takes(parameters.codec_id)) return "the container " + name + " cannot hold it";
  const bool is_sampled = parameters.sample_rate > 0 && channel_count(parameters) > 0;
  if (parameters.codec_type == AVMEDIA_TYPE_AUDIO && !is_sampled) return "the container states no audio format";
  const bool has_size = parameters.width > 0 && parameters.height > 0;
  if (parameters.codec_type == AVMEDIA_TYPE_VIDEO && !has_size) return "the container states no picture size";
  return {};
}

}  // namespace

PacketPtr shown_part(const AVPacket& packet, AVRational time_base, std::int64_t start_us, std::int64_t end_us) {
  const std::int64_t clip_begin = rescaled(start_us, microseconds, time_base);
  const std::int64_t from = std::max(packet.pts, clip_begin);
  const std::int64_t until =
      std::min(plus(packet.pts, std::max<std::int64_t>(packet.duration, 1)), rescaled(end_us, microseconds, time_base));
  if (from >= until) return nullptr;
  PacketPtr part = clone_packet(packet);
  part->pts = part->dts = minus(from, clip_begin);
  if (packet.duration > 0) part->duration = minus(until, from);
  return part;
}

std::string stream_text(const AVStream& stream) {
  const char* type = av_get_media_type_string(stream.codecpar->codec_type);
  return "stream " + std::to_string(stream.index) + " (" + (type != nullptr ? type : "unknown") + ", " +
         avcodec_get_name(stream.codecpar->codec_id) + ")";
}

void ClipStreams::add(const AVFormatContext& video, int stream, Muxer& muxer, std::vector<std::string>& warnings) {
  const AVStream& from = *video.streams[stream];
  if (is_track_of_chapters(video, from)) return;
  if (const std::string reason = obstacle(from, muxer); !reason.empty()) {
    warnings.push_back(stream_text(from) + " is left out: " + reason);
    return;
  }
  AVStream& to = muxer.add_stream();
  copy_stream(from, muxer.format(), to);
  set_output(stream, to.index);
}

bool ClipStreams::is_late(const AVStream& stream, std::vector<std::string>& warnings) {
  if (static_cast<std::size_t>(stream.index) < outputs_.size()) return false;
  if (late_.insert(stream.index).second) {
    warnings.push_back(stream_text(stream) + " is left out: it appears only in the middle of the video");
  }
  return true;
}

std::optional<int> ClipStreams::output_of(int stream) const {
  const auto index = static_cast<std::size_t>(stream);
  if (index >= outputs_.size() || outputs_[index] == left_out) return std::nullopt;
  return outputs_[index];
}

void ClipStreams::write_covers(const AVFormatContext& video, Muxer& muxer) const {
  for (std::size_t stream = 0; stream < outputs_.size(); ++stream) {
    const AVStream& from = *video.streams[stream];
    if (outputs_[stream] == left_out || !is_cover(from) || from.attached_pic.size == 0) continue;
    const PacketPtr picture = clone_packet(from.attached_pic);
    picture->pts = picture->dts = 0;
    muxer.write(*picture, outputs_[stream], from.time_base);
  }
}

}  // namespace transnet::media
