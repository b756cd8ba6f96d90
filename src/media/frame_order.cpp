// SPDX-License-Identifier: Apache-2.0
#include "media/frame_order.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "media/ffmpeg.hpp"
#include "media/stamp_arithmetic.hpp"
#include "media/stamp_clock.hpp"

namespace transnet::media {
namespace {

struct ParserCloser {
  void operator()(AVCodecParserContext* parser) const noexcept { av_parser_close(parser); }
};

bool is_intra_only(AVCodecID id) noexcept {
  const AVCodecDescriptor* codec = avcodec_descriptor_get(id);
  return codec != nullptr && (codec->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
}

/// FFmpeg's own reader of a packet's headers.
class PacketParser {
 public:
  explicit PacketParser(const AVStream& stream)
      : parser_(av_parser_init(stream.codecpar->codec_id)), context_(avcodec_alloc_context3(nullptr)) {
    if (!context_ || avcodec_parameters_to_context(context_.get(), stream.codecpar) < 0) throw std::bad_alloc();
    context_->log_level_offset = silent_log_offset;
    if (parser_) parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  }

  /// Whether this FFmpeg has a parser for the codec.
  [[nodiscard]] bool exists() const noexcept { return parser_ != nullptr; }

  void read(const AVPacket& packet) {
    std::uint8_t* data = nullptr;
    int size = 0;
    av_parser_parse2(parser_.get(), context_.get(), &data, &size, packet.data, packet.size, packet.pts, packet.dts,
                     packet.pos);
  }

  /// False for a packet of H.264 in which no picture can be found.
  [[nodiscard]] bool has_picture() const noexcept {
    return context_->codec_id != AV_CODEC_ID_H264 || parser_->picture_structure != AV_PICTURE_STRUCTURE_UNKNOWN;
  }
  [[nodiscard]] bool shows_field() const noexcept {
    return parser_->picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD ||
           parser_->picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD;
  }
  /// The place of an H.264 picture in the order of the pictures since the last one that resets the decoder. That one
  /// has 0, or less if its lower field is shown first.
  [[nodiscard]] std::optional<int> place() const noexcept {
    if (context_->codec_id != AV_CODEC_ID_H264) return std::nullopt;
    return parser_->output_picture_number;
  }
  /// A refresh in columns marks predicted pictures as keyframes, too.
  [[nodiscard]] bool may_be_intra() const noexcept {
    return parser_->pict_type == AV_PICTURE_TYPE_I || parser_->pict_type == AV_PICTURE_TYPE_NONE;
  }

 private:
  std::unique_ptr<AVCodecParserContext, ParserCloser> parser_;
  CodecContextPtr context_;
};

/// Collects the frames of packets as long as their order is certain.
class OrderReader {
 public:
  explicit OrderReader(Demuxer& demuxer)
      : stream_(demuxer.stream()),
        stamps_(demuxer.format(), demuxer.stream()),
        parser_(demuxer.stream()),
        is_intra_only_(media::is_intra_only(demuxer.stream().codecpar->codec_id)) {}

  /// Whether each packet of such a stream is one frame, as far as the codec tells.
  [[nodiscard]] bool knows_codec() const {
    if ((stream_.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return false;
    if (is_intra_only_) return true;
    switch (stream_.codecpar->codec_id) {
      case AV_CODEC_ID_H264:
      case AV_CODEC_ID_HEVC:
      case AV_CODEC_ID_VP9:
      case AV_CODEC_ID_AV1:
      case AV_CODEC_ID_MPEG1VIDEO:
      case AV_CODEC_ID_MPEG2VIDEO: return parser_.exists();
      default: return false;
    }
  }

  /// False: the order is not certain.
  [[nodiscard]] bool add(AVPacket& packet) {
    if (!is_plain(packet)) return false;
    const std::int64_t last_dts = stamps_.last();
    stamps_.apply(packet);
    if (packet.pts == no_stamp || stamps_.offset() != 0) return false;
    if (packet.dts != no_stamp && last_dts != no_stamp && packet.dts < last_dts) return false;
    if (!frames_.empty() && (is_far(packet, last_dts) || packet.pts < frames_.front().stamp)) {
      return false;
    }
    if (parser_.exists()) parser_.read(packet);
    if (parser_.exists() && (!parser_.has_picture() || parser_.shows_field())) return false;

    const bool is_key =
        (packet.flags & AV_PKT_FLAG_KEY) != 0 && (is_intra_only_ || !parser_.exists() || parser_.may_be_intra());
    if (frames_.empty() && !is_key) return false;
    if (is_key && (frames_.empty() || packet.pts > latest_)) {
      starts_.push_back({packet.pts, std::ssize(frames_)});
    }
    latest_ = frames_.empty() ? packet.pts : std::max(latest_, packet.pts);
    frames_.push_back({packet.pts, std::max<std::int64_t>(packet.duration, 0)});
    if (const auto place = parser_.exists() ? parser_.place() : std::nullopt) {
      if (is_key && *place <= 0) ++sequence_;
      places_.push_back({packet.pts, sequence_, *place});
    }
    return true;
  }

  /// Whether the pictures count themselves in the order of their stamps. If not, the stream was joined from several,
  /// and a decoder leaves out pictures where the second one does not begin with a reset. Call it at the end.
  [[nodiscard]] bool agrees_with_pictures() {
    std::ranges::sort(places_, {}, &Place::stamp);
    const auto is_not_before = [](const Place& place, const Place& next) {
      return std::pair(place.sequence, place.place) >= std::pair(next.sequence, next.place);
    };
    return std::ranges::adjacent_find(places_, is_not_before) == places_.end();
  }

  /// In the order of the file.
  [[nodiscard]] std::vector<FrameOrder::Frame>& frames() noexcept { return frames_; }
  [[nodiscard]] std::vector<FrameOrder::Start>& starts() noexcept { return starts_; }

 private:
  /// Whether nothing says that a decoder treats the packet in its own way.
  [[nodiscard]] static bool is_plain(const AVPacket& packet) {
    const auto has = [&packet](AVPacketSideDataType type) {
      return av_packet_get_side_data(&packet, type, nullptr) != nullptr;
    };
    return packet.size > 0 && (packet.flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT)) == 0 &&
           !has(AV_PKT_DATA_NEW_EXTRADATA) && !has(AV_PKT_DATA_PARAM_CHANGE);
  }

  /// Whether `DecoderClock` could take the stamps for damage.
  [[nodiscard]] bool is_far(const AVPacket& packet, std::int64_t last_dts) const {
    const std::int64_t hour = rescaled(std::int64_t{3600} * AV_TIME_BASE, microseconds, stream_.time_base);
    const std::int64_t before = last_dts != no_stamp ? last_dts : latest_;
    const std::int64_t dts = packet.dts != no_stamp ? packet.dts : packet.pts;
    return distance(packet.pts, before) > hour || distance(dts, before) > hour || packet.duration > hour;
  }

  struct Place {
    std::int64_t stamp = 0;
    int sequence = 0;  // since a reset
    int place = 0;     // in the sequence
  };

  AVStream& stream_;
  StampClock stamps_;
  PacketParser parser_;
  bool is_intra_only_;
  std::vector<FrameOrder::Frame> frames_;
  std::vector<FrameOrder::Start> starts_;
  std::vector<Place> places_;  // of H.264
  int sequence_ = 0;
  std::int64_t latest_ = 0;  // stamp of the frames so far
};

}  // namespace

std::optional<FrameOrder> FrameOrder::read(Demuxer& demuxer, const Deadline& deadline) {
  OrderReader reader(demuxer);
  if (!reader.knows_codec()) return std::nullopt;
  const PacketPtr packet = make_packet();
  while (demuxer.read(*packet)) {
    deadline.check(demuxer.name());
    const bool is_certain = reader.add(*packet);
    av_packet_unref(packet.get());
    if (!is_certain) return std::nullopt;
  }
  if (!reader.agrees_with_pictures()) return std::nullopt;
  FrameOrder order;
  order.frames_ = std::move(reader.frames());
  order.starts_ = std::move(reader.starts());
  order.early_end_ = demuxer.early_end();
  std::ranges::sort(order.frames_, {}, &Frame::stamp);
  const auto repeated = std::ranges::adjacent_find(order.frames_, {}, &Frame::stamp);
  if (order.frames_.empty() || repeated != order.frames_.end()) return std::nullopt;
  return order;
}

std::int64_t FrameOrder::packet_before(std::int64_t stamp) const {
  const auto after = std::ranges::upper_bound(starts_, stamp, {}, &Start::stamp);
  return after == starts_.begin() ? 0 : std::prev(after)->packet;
}

}  // namespace transnet::media
