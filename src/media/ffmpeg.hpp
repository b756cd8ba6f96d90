// SPDX-License-Identifier: Apache-2.0
#pragma once

/// FFmpeg's headers, owners for its handles, and all differences between its versions (4.4 to 7.x).

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/crc.h>
#include <libavutil/display.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "transnet/error.hpp"

/// Filter graph links carry the colour space and range: the source must be told, and rebuilt when they change.
#define TRANSNET_FFMPEG_LINKS_HAVE_COLOR (LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100))
/// AVFrame::duration replaces AVFrame::pkt_duration.
#define TRANSNET_FFMPEG_FRAME_HAS_DURATION (LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100))
/// A stream's side data is part of its codec parameters.
#define TRANSNET_FFMPEG_CODEC_PARAMETERS_HAVE_SIDE_DATA (LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102))
/// Functions read a stream's index; before, it was a public array.
#define TRANSNET_FFMPEG_INDEX_HAS_FUNCTIONS (LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(58, 78, 100))
/// The codec's descriptor says whether it counts fields; before, AVCodecContext::ticks_per_frame did.
#define TRANSNET_FFMPEG_DESCRIPTOR_KNOWS_FIELDS (LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 23, 100))
/// A flag allows callbacks from threads; later versions always use threads.
#define TRANSNET_FFMPEG_CALLBACKS_MAY_BE_THREAD_UNSAFE (LIBAVCODEC_VERSION_MAJOR < 60)
/// AVChannelLayout describes channels; before, a mask and a number did.
#define TRANSNET_FFMPEG_HAS_CHANNEL_LAYOUTS (LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 28, 100))
/// A function lists what a codec supports; before, its description did.
#define TRANSNET_FFMPEG_CODECS_ARE_ASKED (LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100))
/// A flag of a picture says that it has two fields; before, a member did.
#define TRANSNET_FFMPEG_FRAME_HAS_FIELD_FLAGS (LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100))
/// The writer of MXF knows FFV1.
#define TRANSNET_FFMPEG_WRITES_FFV1_IN_MXF (LIBAVFORMAT_VERSION_MAJOR >= 60)
/// The write callback takes const bytes.
#define TRANSNET_FFMPEG_WRITES_CONST_BYTES (LIBAVFORMAT_VERSION_MAJOR >= 61)

namespace transnet::media {

struct FormatCloser {
  void operator()(AVFormatContext* context) const noexcept { avformat_close_input(&context); }
};
struct OutputFormatFreer {
  void operator()(AVFormatContext* context) const noexcept { avformat_free_context(context); }
};
struct CodecContextFreer {
  void operator()(AVCodecContext* context) const noexcept { avcodec_free_context(&context); }
};
struct FilterGraphFreer {
  void operator()(AVFilterGraph* graph) const noexcept { avfilter_graph_free(&graph); }
};
struct PacketFreer {
  void operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }
};
struct BufferFreer {
  void operator()(AVBufferRef* buffer) const noexcept { av_buffer_unref(&buffer); }
};
struct FrameFreer {
  void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
};
struct IoFreer {
  void operator()(AVIOContext* io) const noexcept {
    // The context may have replaced the buffer: free its current one.
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};

using FormatPtr = std::unique_ptr<AVFormatContext, FormatCloser>;
using OutputFormatPtr = std::unique_ptr<AVFormatContext, OutputFormatFreer>;
using CodecContextPtr = std::unique_ptr<AVCodecContext, CodecContextFreer>;
using FilterGraphPtr = std::unique_ptr<AVFilterGraph, FilterGraphFreer>;
using PacketPtr = std::unique_ptr<AVPacket, PacketFreer>;
using FramePtr = std::unique_ptr<AVFrame, FrameFreer>;
using BufferPtr = std::unique_ptr<AVBufferRef, BufferFreer>;
using IoPtr = std::unique_ptr<AVIOContext, IoFreer>;

[[nodiscard]] PacketPtr make_packet();
[[nodiscard]] FramePtr make_frame();

/// A packet with its own fields on the same data. Throws std::bad_alloc.
[[nodiscard]] PacketPtr clone_packet(const AVPacket& packet);
[[nodiscard]] FramePtr clone_frame(const AVFrame& frame);

/// The text of an AVERROR code.
[[nodiscard]] std::string error_text(int averror);

/// The library's code for an AVERROR code from opening or reading a container.
[[nodiscard]] ErrorCode error_code(int averror) noexcept;

/// Above every log level of FFmpeg: a context with this offset stays silent. Results report damage.
inline constexpr int silent_log_offset = 2 * AV_LOG_TRACE;

inline constexpr AVRational microseconds{1, AV_TIME_BASE};
inline constexpr std::int64_t no_stamp = static_cast<std::int64_t>(UINT64_C(0x8000000000000000));

#if TRANSNET_FFMPEG_WRITES_CONST_BYTES
using WrittenByte = const std::uint8_t;
#else
using WrittenByte = std::uint8_t;
#endif

/// FFmpeg stores numbers from files in enumerations. A number that is no enumerator makes reading it as the enumeration
/// undefined, so read it as its integer.
template <typename Enumeration>
[[nodiscard]] int number_of(const Enumeration& value) noexcept {
  static_assert(sizeof(Enumeration) == sizeof(int));
  int number = 0;
  std::memcpy(&number, &value, sizeof number);
  return number;
}
template <typename Enumeration>
void copy_number(const Enumeration& from, Enumeration& to) noexcept {
  std::memcpy(&to, &from, sizeof to);
}

/// A frame's duration in units of the stream's time base; 0 = unknown.
[[nodiscard]] inline std::int64_t frame_duration(const AVFrame& frame) noexcept {
#if TRANSNET_FFMPEG_FRAME_HAS_DURATION
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

/// Whether the picture is interlaced.
[[nodiscard]] inline bool has_fields(const AVFrame& picture) noexcept {
#if TRANSNET_FFMPEG_FRAME_HAS_FIELD_FLAGS
  return (picture.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return picture.interlaced_frame != 0;
#endif
}

/// Whether the upper one of the picture's fields is shown first.
[[nodiscard]] inline bool is_top_field_first(const AVFrame& picture) noexcept {
#if TRANSNET_FFMPEG_FRAME_HAS_FIELD_FLAGS
  return (picture.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  return picture.top_field_first != 0;
#endif
}

/// Ticks of the codec's clock per frame: 2 if it counts fields.
[[nodiscard]] inline int ticks_per_frame(const AVCodecContext& context) noexcept {
#if TRANSNET_FFMPEG_DESCRIPTOR_KNOWS_FIELDS
  const AVCodecDescriptor* descriptor = context.codec_descriptor;
  return descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_FIELDS) != 0 ? 2 : 1;
#else
  return context.ticks_per_frame;
#endif
}

/// Lets a decoder call back from its threads. In older releases they would otherwise wait for the caller's thread.
inline void allow_callbacks_in_threads([[maybe_unused]] AVCodecContext& context) noexcept {
#if TRANSNET_FFMPEG_CALLBACKS_MAY_BE_THREAD_UNSAFE
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  context.thread_safe_callbacks = 1;
#pragma GCC diagnostic pop
#endif
}

/// Number of entries of a container's index for a stream.
[[nodiscard]] inline int index_entry_count(const AVStream& stream) noexcept {
#if TRANSNET_FFMPEG_INDEX_HAS_FUNCTIONS
  return avformat_index_get_entries_count(&stream);
#else
  return stream.nb_index_entries;
#endif
}
[[nodiscard]] inline const AVIndexEntry& index_entry(AVStream& stream, int entry) noexcept {
#if TRANSNET_FFMPEG_INDEX_HAS_FUNCTIONS
  return *avformat_index_get_entry(&stream, entry);
#else
  return stream.index_entries[entry];
#endif
}

/// Whether the stream belongs to programs of a transport stream, and none of them has the stream `video`.
[[nodiscard]] bool is_of_another_program(const AVFormatContext& format, const AVStream& stream, const AVStream& video);

/// The number of channels that the container states.
[[nodiscard]] int channel_count(const AVCodecParameters& parameters) noexcept;

/// A container's data about a stream besides its packets: display matrix, mastering display and so on. `add` replaces
/// existing data of that type.
[[nodiscard]] bool has_side_data(const AVStream& stream, AVPacketSideDataType type) noexcept;
void add_side_data(AVStream& stream, AVPacketSideDataType type, std::span<const std::uint8_t> data);
[[nodiscard]] std::span<const AVPacketSideData> side_data_of(const AVStream& stream) noexcept;

/// The nine numbers of the container's display matrix for a stream; null if there is none.
[[nodiscard]] const std::int32_t* stream_display_matrix(const AVStream& stream) noexcept;

/// By how much a display matrix turns pictures clockwise, in whole degrees below 360; empty if it tells no angle.
[[nodiscard]] std::optional<int> clockwise_degrees(const std::int32_t* matrix);

/// "30000/1001"
[[nodiscard]] std::string ratio_text(AVRational value);

/// The display matrix of a frame itself; null if there is none.
[[nodiscard]] const std::int32_t* frame_display_matrix(const AVFrame& frame) noexcept;

}  // namespace transnet::media
