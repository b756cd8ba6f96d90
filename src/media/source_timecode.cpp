// SPDX-License-Identifier: Apache-2.0
#include "media/source_timecode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>

extern "C" {
#include <libavutil/timecode.h>
}

namespace transnet::media {
namespace {

/// "01:00:00;02", with a semicolon for drop-frame; empty if the text is no timecode. `frames_a_number`: 2 if pairs of
/// frames share a number.
std::optional<std::string> plain_timecode(const char* text, int frames_a_number = 1) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  int frame = 0;
  char separator = 0;
  constexpr int parts = 5;
  if (std::sscanf(text, "%d:%d:%d%c%d", &hours, &minutes, &seconds, &separator, &frame) != parts) return std::nullopt;
  constexpr int most_frames = 999;
  const bool is_time = hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
  if (!is_time || frame < 0 || frame > most_frames) return std::nullopt;
  std::array<char, AV_TIMECODE_STR_SIZE> plain{};
  std::snprintf(plain.data(), plain.size(), "%02d:%02d:%02d%c%02d", hours, minutes, seconds,
                separator == ':' ? ':' : ';', frame * frames_a_number);
  return plain.data();
}

const char* tag(const AVDictionary* tags) {
  const AVDictionaryEntry* found = av_dict_get(tags, "timecode", nullptr, 0);
  return found != nullptr ? found->value : nullptr;
}

/// Null if the video has no timecode.
const AVStream* timecode_track(const AVFormatContext& format) {
  for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_DATA && tag(stream->metadata) != nullptr) return stream;
  }
  return nullptr;
}

/// Tracks may number pairs of frames at 50 and 59.94 a second.
int frames_a_number(const AVStream& stream, const AVStream& track) {
  if (stream.avg_frame_rate.num <= 0 || track.avg_frame_rate.num <= 0) return 1;
  const double ratio = av_q2d(stream.avg_frame_rate) / av_q2d(track.avg_frame_rate);
  constexpr double tolerance = 0.01;
  return std::abs(ratio - 2.0) < tolerance ? 2 : 1;
}

}  // namespace

std::optional<std::string> stated_timecode(const AVFormatContext& format, const AVStream& stream) {
  const AVStream* track = timecode_track(format);
  const char* of_stream = tag(stream.metadata);
  // The demuxer copies the timecode of a track to the tags of its video, with the track's numbers.
  if (track != nullptr && (of_stream == nullptr || std::string(of_stream) == tag(track->metadata))) {
    return plain_timecode(tag(track->metadata), frames_a_number(stream, *track));
  }
  if (of_stream != nullptr) return plain_timecode(of_stream);
  const char* of_file = tag(format.metadata);
  return of_file != nullptr ? plain_timecode(of_file) : std::nullopt;
}

std::optional<std::string> picture_timecode(const AVFrame& picture, AVRational rate) {
  std::array<char, AV_TIMECODE_STR_SIZE> text{};
  const AVFrameSideData* group = av_frame_get_side_data(&picture, AV_FRAME_DATA_GOP_TIMECODE);
  if (group != nullptr && group->size >= sizeof(std::int64_t)) {
    std::int64_t bits = 0;
    std::copy_n(group->data, sizeof bits, reinterpret_cast<std::uint8_t*>(&bits));
    return plain_timecode(av_timecode_make_mpeg_tc_string(text.data(), static_cast<std::uint32_t>(bits)));
  }
  const AVFrameSideData* smpte = av_frame_get_side_data(&picture, AV_FRAME_DATA_S12M_TIMECODE);
  if (smpte != nullptr && smpte->size >= 2 * sizeof(std::uint32_t)) {
    std::array<std::uint32_t, 2> words{};  // the number of timecodes, and the first
    std::copy_n(smpte->data, sizeof words, reinterpret_cast<std::uint8_t*>(words.data()));
    if (words[0] > 0) return plain_timecode(av_timecode_make_smpte_tc_string2(text.data(), rate, words[1], 0, 0));
  }
  return std::nullopt;
}

}  // namespace transnet::media
