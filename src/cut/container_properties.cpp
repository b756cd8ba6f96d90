// SPDX-License-Identifier: Apache-2.0
#include "cut/container_properties.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "cut/muxer.hpp"
#include "media/stamp_arithmetic.hpp"

namespace transnet::media {
namespace {

// Tags about the container's form or the whole file, and the timecode, which belongs to the first frame.
constexpr std::array<std::string_view, 9> tags_of_the_whole = {"major_brand", "minor_version",    "compatible_brands",
                                                               "encoder",     "timecode",         "DURATION",
                                                               "BPS",         "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES"};

bool is_of_the_whole(std::string_view key) noexcept {
  const auto is_tag = [key](std::string_view tag) {
    // mkvmerge adds the language: "BPS-eng".
    return key.starts_with(tag) && (key.size() == tag.size() || key[tag.size()] == '-');
  };
  return key.starts_with("_STATISTICS_") || std::ranges::any_of(tags_of_the_whole, is_tag);
}

void copy_tags(const AVDictionary* from, AVDictionary*& to) {
  for (const AVDictionaryEntry* tag = nullptr; (tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)) != nullptr;) {
    if (is_of_the_whole(tag->key)) continue;
    if (av_dict_set(&to, tag->key, tag->value, 0) < 0) throw std::bad_alloc();
  }
}

void add_chapter(AVFormatContext& format, const AVChapter& like, std::int64_t start_us, std::int64_t end_us) {
  auto** chapters = static_cast<AVChapter**>(
      av_realloc_array(format.chapters, std::size_t{format.nb_chapters} + 1, sizeof(AVChapter*)));
  if (chapters == nullptr) throw std::bad_alloc();
  format.chapters = chapters;
  auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
  if (chapter == nullptr) throw std::bad_alloc();
  chapters[format.nb_chapters++] = chapter;  // now owned by the format
  chapter->id = like.id;
  chapter->time_base = microseconds;
  chapter->start = start_us;
  chapter->end = end_us;
  copy_tags(like.metadata, chapter->metadata);
}

// Types of a frame's side data and their counterparts of a stream.
constexpr std::array<std::pair<AVFrameSideDataType, AVPacketSideDataType>, 3> properties_of_pictures = {{
    {AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX},
    {AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_MASTERING_DISPLAY_METADATA},
    {AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_CONTENT_LIGHT_LEVEL},
}};

/// Side data of a stream or a frame; older releases count it in int.
template <typename SideData>
std::span<const std::uint8_t> bytes_of(const SideData& data) noexcept {
  return {data.data, static_cast<std::size_t>(data.size)};
}

bool holds_for_every_encoding(AVPacketSideDataType type) noexcept {
  switch (type) {
    case AV_PKT_DATA_DISPLAYMATRIX:
    case AV_PKT_DATA_STEREO3D:
    case AV_PKT_DATA_SPHERICAL:
    case AV_PKT_DATA_MASTERING_DISPLAY_METADATA:
    case AV_PKT_DATA_CONTENT_LIGHT_LEVEL:
    case AV_PKT_DATA_REPLAYGAIN:
    case AV_PKT_DATA_AUDIO_SERVICE_TYPE: return true;
    default: return false;
  }
}

}  // namespace

void copy_metadata(const AVFormatContext& from, AVFormatContext& to) { copy_tags(from.metadata, to.metadata); }

void copy_chapters(const AVFormatContext& from, AVFormatContext& to, std::int64_t start_us, std::int64_t end_us) {
  for (const AVChapter* chapter : std::span(from.chapters, from.nb_chapters)) {
    const std::int64_t begins_us = rescaled(chapter->start, chapter->time_base, microseconds);
    const std::int64_t ends_us =
        chapter->end == no_stamp ? end_us : rescaled(chapter->end, chapter->time_base, microseconds);
    const std::int64_t from_us = std::max(begins_us, start_us);
    const std::int64_t until_us = std::min(ends_us, end_us);
    if (from_us < until_us) add_chapter(to, *chapter, minus(from_us, start_us), minus(until_us, start_us));
  }
}

void copy_stream_properties(const AVStream& from, AVStream& to) {
  copy_tags(from.metadata, to.metadata);
  to.disposition = from.disposition;
  to.sample_aspect_ratio = from.sample_aspect_ratio;
  to.avg_frame_rate = from.avg_frame_rate;
  to.r_frame_rate = from.r_frame_rate;
  for (const AVPacketSideData& data : side_data_of(from)) {
    if (holds_for_every_encoding(data.type)) add_side_data(to, data.type, bytes_of(data));
  }
}

void keep_picture_properties(const AVFrame& picture, AVStream& to) {
  for (const auto& [of_frame, of_stream] : properties_of_pictures) {
    const AVFrameSideData* data = av_frame_get_side_data(&picture, of_frame);
    if (data == nullptr || has_side_data(to, of_stream)) continue;
    add_side_data(to, of_stream, bytes_of(*data));
  }
}

void copy_stream(const AVStream& from, const AVFormatContext& container, AVStream& to) {
  if (avcodec_parameters_copy(to.codecpar, from.codecpar) < 0) throw std::bad_alloc();
  copy_stream_properties(from, to);
  for (const AVPacketSideData& data : side_data_of(from)) add_side_data(to, data.type, bytes_of(data));
  to.time_base = from.time_base;
  const bool has_constant_rate = !takes_variable_rate(*container.oformat);
  const bool is_picture = from.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
  if (is_picture && has_constant_rate && from.avg_frame_rate.num > 0) to.time_base = av_inv_q(from.avg_frame_rate);
  // The container's shape of pixels counts. libavformat refuses one that differs from the codec's.
  if (to.sample_aspect_ratio.num == 0) to.sample_aspect_ratio = to.codecpar->sample_aspect_ratio;
  to.codecpar->sample_aspect_ratio = to.sample_aspect_ratio;
  // A tag is specific to a family of containers: the muxer chooses its own if it does not know this one.
  const auto* tags = container.oformat->codec_tag;
  const AVCodecID id = from.codecpar->codec_id;
  if (tags != nullptr && av_codec_get_id(tags, from.codecpar->codec_tag) != id && av_codec_get_tag(tags, id) != 0) {
    to.codecpar->codec_tag = 0;
  }
}

}  // namespace transnet::media
