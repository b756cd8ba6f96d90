// SPDX-License-Identifier: Apache-2.0
#include "cut/late_streams.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "base/special_file.hpp"
#include "media/byte_source.hpp"
#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {
namespace {

constexpr std::int64_t most_search_bytes = std::int64_t{128} << 20U;
// The first packets of a stream tell its parameters: FFmpeg's own limit for all streams.
constexpr std::int64_t description_bytes = 5'000'000;

bool may_get_further_streams(const AVFormatContext& format) noexcept {
  return (format.ctx_flags & AVFMTCTX_NOHEADER) != 0;
}

/// The sound streams without parameters: no packet of them has been seen.
std::set<int> undescribed_sounds(const AVFormatContext& format) {
  std::set<int> found;
  for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
    const AVCodecParameters& parameters = *stream->codecpar;
    if (parameters.codec_type == AVMEDIA_TYPE_AUDIO && parameters.sample_rate <= 0) found.insert(stream->index);
  }
  return found;
}

}  // namespace

LateStreams find_late_streams(const std::filesystem::path& video, Deadline& deadline, const DecodeOptions& options) {
  if (base::is_read_once(video)) return {};
  auto source = open_file(video, deadline, options);
  if (!source->size() || !source->images().empty()) return {};
  Demuxer demuxer(std::move(source), video.string(), deadline, options);
  const AVFormatContext& format = demuxer.format();
  std::set<int> awaited = undescribed_sounds(format);
  auto known_streams = static_cast<int>(demuxer.stream_count());

  LateStreams late;
  const auto note = [&](const AVPacket& packet) {
    const bool is_new = packet.stream_index >= known_streams;
    if (!is_new && awaited.erase(packet.stream_index) == 0) return;
    known_streams = std::max(known_streams, packet.stream_index + 1);
    const std::int64_t reached = avio_tell(format.pb) + description_bytes;
    if (reached <= most_search_bytes) late = {reached, demuxer.stream().index};
  };
  demuxer.pass_on_other_streams(note);
  const PacketPtr packet = make_packet();
  while ((may_get_further_streams(format) || !awaited.empty()) && demuxer.read(*packet)) av_packet_unref(packet.get());
  return late;
}

}  // namespace transnet::media
