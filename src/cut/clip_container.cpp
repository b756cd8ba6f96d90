// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/lower_case_ending.hpp"
#include "cut/copy_source.hpp"
#include "cut/packet_index.hpp"
#include "media/deadline.hpp"
#include "media/demuxer.hpp"
#include "media/encoder.hpp"
#include "media/stamp_clock.hpp"
#include "transnet/clip_cutter.hpp"
#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

namespace fs = std::filesystem;
using media::Demuxer;

/// The container of files with that ending; null if FFmpeg writes none.
const AVOutputFormat* container_of(const std::string& ending) {
  return ending.empty() ? nullptr : av_guess_format(nullptr, ("clip" + ending).c_str(), nullptr);
}

/// Why a container cannot hold pictures of the codec; empty: it can.
std::string obstacle(const AVOutputFormat& container, AVCodecID codec) {
  const std::string name = std::string("the container ") + container.name;
  if ((container.flags & AVFMT_NOFILE) != 0) return name + " writes more than one file";
  if (container.video_codec == AV_CODEC_ID_NONE) return name + " holds no video";
  if (avformat_query_codec(&container, codec, FF_COMPLIANCE_NORMAL) != 0) return {};
  return name + " cannot hold the pictures (" + avcodec_get_name(codec) + ")";
}

/// Begins of the names of FFmpeg's demuxers, and the usual ending of such files.
constexpr std::array<std::pair<std::string_view, const char*>, 8> usual_endings = {{{"mov", ".mp4"},
                                                                                    {"matroska", ".mkv"},
                                                                                    {"mpegts", ".ts"},
                                                                                    {"avi", ".avi"},
                                                                                    {"asf", ".wmv"},
                                                                                    {"flv", ".flv"},
                                                                                    {"mxf", ".mxf"},
                                                                                    {"ogg", ".ogv"}}};

std::string usual_ending(const Demuxer& video) {
  const std::string_view container = video.format().iformat->name;
  const auto* found =
      std::ranges::find_if(usual_endings, [&](const auto& known) { return container.starts_with(known.first); });
  return found != usual_endings.end() ? found->second : ".mkv";
}

/// Reordered pictures lack stamps from the start, if they lack them at all.
void check_stamps(Demuxer& video) {
  constexpr int most_packets = 2000;
  media::StampClock stamps(video.format(), video.stream());
  const media::PacketPtr packet = media::make_packet();
  for (int count = 0; count < most_packets && video.read(*packet); ++count) {
    stamps.apply(*packet);
    media::require_stamp(*packet, video.name());
    av_packet_unref(packet.get());
  }
}

std::string ending_of_copies(const fs::path& file, const CutOptions& options, const std::stop_token& stop) {
  media::Deadline deadline(stop, options.decode.limits);
  Demuxer video(media::open_for_copies(file, deadline, options.decode), file.string(), deadline, options.decode);
  const AVCodecID codec = video.stream().codecpar->codec_id;
  const std::string own = base::lower_case_ending(file);
  const std::string ending = container_of(own) != nullptr ? own : usual_ending(video);
  if (const auto* container = container_of(ending)) {
    if (const std::string reason = obstacle(*container, codec); !reason.empty()) {
      throw Error(ErrorCode::unsupported,
                  video.name() + ": " + reason + ": reencode them, or give the video the ending .mkv");
    }
  }
  check_stamps(video);
  return ending;
}

}  // namespace

std::string clip_ending(const fs::path& video, const CutOptions& options, const std::stop_token& stop) {
  if (options.mode == CutMode::copy) return ending_of_copies(video, options, stop);
  const std::string ending = base::lower_case_ending(video);
  const std::string usual = ending == ".mkv" || ending == ".webm" ? ".mkv" : ".mp4";
  const AVCodecID codec = media::find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO).id;
  for (const std::string& possible : {usual, std::string(".mov"), std::string(".mkv")}) {
    const auto* container = container_of(possible);
    if (container != nullptr && obstacle(*container, codec).empty()) return possible;
  }
  throw Error(ErrorCode::unsupported,
              "MP4, QuickTime and Matroska cannot hold pictures of the encoder " + options.video_codec);
}

}  // namespace transnet::inline TRANSNET_ABI
