// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/lower_case_ending.hpp"
#include "cut/copy_source.hpp"
#include "cut/muxer.hpp"
#include "cut/packet_index.hpp"
#include "cut/stream_headers.hpp"
#include "cut/usual_ending.hpp"
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

/// The streams of a clip.
struct ClipCodecs {
  AVCodecID pictures = AV_CODEC_ID_NONE;
  AVCodecID sound = AV_CODEC_ID_NONE;  ///< if it matters
  bool has_b_frames = false;           ///< which cannot be avoided
  bool has_lengths = false;            ///< of H.264 and HEVC, as in MP4, in the place of start codes
};

/// Why a container cannot hold them; empty: it can.
std::string obstacle(const AVOutputFormat& container, const ClipCodecs& clip) {
  const std::string name = std::string("the container ") + container.name;
  if ((container.flags & AVFMT_NOFILE) != 0) return name + " writes more than one file";
  if (container.video_codec == AV_CODEC_ID_NONE) return name + " holds no video";
  if (!media::can_hold(container, clip.pictures)) {
    return name + " cannot hold the pictures (" + avcodec_get_name(clip.pictures) + ")";
  }
  if (clip.has_b_frames && media::max_b_frames(container, clip.pictures) == 0) {
    return name + " cannot hold the pictures (" + avcodec_get_name(clip.pictures) + " with B-frames)";
  }
  if (clip.has_lengths && media::needs_start_codes(container)) {
    return name + " cannot hold the pictures (" + avcodec_get_name(clip.pictures) + " without start codes)";
  }
  if (clip.sound != AV_CODEC_ID_NONE && !media::can_hold(container, clip.sound)) {
    return name + " cannot hold the sound (" + avcodec_get_name(clip.sound) + ")";
  }
  return {};
}

/// The common containers that can hold them, as an advice.
std::string advice(const ClipCodecs& clip) {
  std::string endings;
  for (const char* ending : {".mp4", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mxf"}) {
    const auto* container = container_of(ending);
    if (container == nullptr || !obstacle(*container, clip).empty()) continue;
    endings += (endings.empty() ? "" : ", ") + std::string(ending);
  }
  return endings.empty() ? "" : "; containers that can: " + endings;
}

const AVOutputFormat& require_container(const std::string& ending) {
  const auto* container = container_of(ending);
  if (container != nullptr) return *container;
  throw Error(ErrorCode::unsupported, "this FFmpeg writes no files with the ending '" + ending + "'");
}

/// The encoders that FFmpeg takes for a container, as an advice.
std::string encoders_for(const AVOutputFormat& container) {
  const auto* pictures = avcodec_find_encoder(container.video_codec);
  const auto* sound = avcodec_find_encoder(container.audio_codec);
  if (pictures == nullptr || sound == nullptr) return {};
  return std::string("; usual encoders of ") + container.name + ": " + pictures->name + ", " + sound->name;
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

std::string ending_of_copies(const fs::path& file, const CutOptions& options, const std::string& wanted,
                             const std::stop_token& stop) {
  media::Deadline deadline(stop, options.decode.limits);
  Demuxer video(media::open_for_copies(file, deadline, options.decode), file.string(), deadline, options.decode);
  media::require_pictures_of_their_own(video.stream(), video.name());
  const AVCodecParameters& pictures = *video.stream().codecpar;
  const ClipCodecs clip{.pictures = pictures.codec_id,
                        .has_b_frames = pictures.video_delay > 0,
                        .has_lengths = media::StreamHeaders(video.stream()).has_lengths()};
  std::string ending = wanted.empty() ? base::lower_case_ending(file) : wanted;
  if (wanted.empty() && container_of(ending) == nullptr) ending = usual_ending(video);
  if (const std::string reason = obstacle(require_container(ending), clip); !reason.empty()) {
    throw Error(ErrorCode::unsupported, video.name() + ": " + reason + advice(clip));
  }
  check_stamps(video);
  return ending;
}

}  // namespace

std::string clip_ending(const fs::path& video, const CutOptions& options, const std::string& wanted,
                        const std::stop_token& stop) {
  if (options.mode == CutMode::copy) return ending_of_copies(video, options, wanted, stop);
  const ClipCodecs clip{.pictures = media::find_encoder(options.video_codec, AVMEDIA_TYPE_VIDEO).id,
                        .sound = media::find_encoder(options.audio_codec, AVMEDIA_TYPE_AUDIO).id};
  if (!wanted.empty()) {
    const AVOutputFormat& container = require_container(wanted);
    const std::string reason = obstacle(container, clip);
    if (reason.empty()) return wanted;
    throw Error(ErrorCode::unsupported, reason + advice(clip) + encoders_for(container));
  }
  for (const std::string& possible : {media::usual_ending(video), std::string(".mov"), std::string(".mkv")}) {
    const auto* container = container_of(possible);
    if (container != nullptr && obstacle(*container, clip).empty()) return possible;
  }
  throw Error(ErrorCode::unsupported, "MP4, QuickTime and Matroska cannot hold pictures of the encoder " +
                                          options.video_codec + " beside sound of the encoder " + options.audio_codec);
}

}  // namespace transnet::inline TRANSNET_ABI
