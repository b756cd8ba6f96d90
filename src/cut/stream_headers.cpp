// SPDX-License-Identifier: Apache-2.0
#include "cut/stream_headers.hpp"

extern "C" {
#include <libavcodec/bsf.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

namespace transnet::media {
namespace {

struct BitstreamFilterFreer {
  void operator()(AVBSFContext* filter) const noexcept { av_bsf_free(&filter); }
};

Bytes description_of(const AVCodecParameters& parameters) noexcept {
  return {parameters.extradata, static_cast<std::size_t>(std::max(parameters.extradata_size, 0))};
}

/// Whether the description is that of MP4 and Matroska, with lengths in the place of start codes.
bool describes_lengths(AVCodecID codec, Bytes description) noexcept {
  constexpr std::size_t least = 23;  // of HEVC
  if (codec == AV_CODEC_ID_H264) return description.size() >= 7 && description[0] == 1;
  return codec == AV_CODEC_ID_HEVC && description.size() >= least && (description[0] != 0 || description[1] != 0);
}

/// As many as H.264 has numbers for picture parameter sets: a hostile stream can have any number of different ones.
constexpr std::size_t most_headers = 256;

/// A description of MP4 as units with start codes.
ByteVector with_start_codes(const AVStream& stream) {
  const bool is_h264 = stream.codecpar->codec_id == AV_CODEC_ID_H264;
  const AVBitStreamFilter* kind = av_bsf_get_by_name(is_h264 ? "h264_mp4toannexb" : "hevc_mp4toannexb");
  AVBSFContext* allocated = nullptr;
  if (kind == nullptr || av_bsf_alloc(kind, &allocated) < 0) return {};
  const std::unique_ptr<AVBSFContext, BitstreamFilterFreer> filter(allocated);
  if (avcodec_parameters_copy(filter->par_in, stream.codecpar) < 0) throw std::bad_alloc();
  if (av_bsf_init(filter.get()) < 0) return {};
  const Bytes converted = description_of(*filter->par_out);
  return {converted.begin(), converted.end()};
}

}  // namespace

StreamHeaders::StreamHeaders(const AVStream& stream) : codec_(stream.codecpar->codec_id) {
  const Bytes description = description_of(*stream.codecpar);
  if (!describes_lengths(codec_, description)) {
    learn(split_units(description, 0));
    return;
  }
  length_bytes_ = (description[codec_ == AV_CODEC_ID_H264 ? 4 : 21] & 3) + 1;
  const ByteVector converted = with_start_codes(stream);
  learn(split_units(converted, 0));
}

int StreamHeaders::type_of(Bytes unit) const noexcept {
  switch (codec_) {
    case AV_CODEC_ID_H264: return unit[0] & 0x1f;
    case AV_CODEC_ID_HEVC: return unit[0] >> 1 & 0x3f;
    default: return unit[0];
  }
}

bool StreamHeaders::has_numbered_headers() const noexcept {
  return codec_ == AV_CODEC_ID_H264 || codec_ == AV_CODEC_ID_HEVC;
}

StreamHeaders::Kind StreamHeaders::kind_of(Bytes unit) const noexcept {
  // A unit has the kind of the range that its type is in.
  struct Types {
    AVCodecID codec;
    int first;
    int last;
    Kind kind;
  };
  static constexpr std::array known{
      Types{AV_CODEC_ID_H264, 1, 5, Kind::picture},
      Types{AV_CODEC_ID_H264, 7, 7, Kind::sequence},
      Types{AV_CODEC_ID_H264, 8, 8, Kind::header},
      Types{AV_CODEC_ID_H264, 9, 9, Kind::delimiter},
      Types{AV_CODEC_ID_H264, 13, 13, Kind::header},
      Types{AV_CODEC_ID_H264, 15, 15, Kind::header},
      Types{AV_CODEC_ID_HEVC, 0, 31, Kind::picture},
      Types{AV_CODEC_ID_HEVC, 32, 32, Kind::sequence},
      Types{AV_CODEC_ID_HEVC, 33, 34, Kind::header},
      Types{AV_CODEC_ID_HEVC, 35, 35, Kind::delimiter},
      Types{AV_CODEC_ID_MPEG2VIDEO, 0xb2, 0xb2, Kind::other},
      Types{AV_CODEC_ID_MPEG2VIDEO, 0xb3, 0xb3, Kind::sequence},
      Types{AV_CODEC_ID_MPEG2VIDEO, 0xb5, 0xb5, Kind::header},
      Types{AV_CODEC_ID_MPEG4, 0, 0x2f, Kind::header},
      Types{AV_CODEC_ID_MPEG4, 0xb0, 0xb0, Kind::sequence},
      Types{AV_CODEC_ID_MPEG4, 0xb2, 0xb2, Kind::other},
      Types{AV_CODEC_ID_MPEG4, 0xb5, 0xb5, Kind::header},
      Types{AV_CODEC_ID_VC1, 0x0e, 0x0e, Kind::header},
      Types{AV_CODEC_ID_VC1, 0x0f, 0x0f, Kind::sequence},
  };
  const AVCodecID codec = codec_ == AV_CODEC_ID_MPEG1VIDEO ? AV_CODEC_ID_MPEG2VIDEO : codec_;
  const int type = type_of(unit);
  for (const Types& types : known) {
    if (types.codec == codec && type >= types.first && type <= types.last) return types.kind;
  }
  return has_numbered_headers() ? Kind::other : Kind::picture;
}

std::vector<Bytes> StreamHeaders::before_picture(Bytes packet) const {
  std::vector<Bytes> units = split_units(packet, length_bytes_);
  units.erase(std::ranges::find(units, Kind::picture, [this](Bytes unit) { return kind_of(unit); }), units.end());
  return units;
}

void StreamHeaders::learn(const std::vector<Bytes>& units) {
  for (const Bytes unit : units) {
    const Kind kind = kind_of(unit);
    if (kind != Kind::header && kind != Kind::sequence) continue;
    if (kind == Kind::sequence && !has_numbered_headers()) headers_.clear();
    // The latest header of a number is valid, so that the list keeps the order of their last appearance.
    std::erase_if(headers_, [unit](const ByteVector& known) { return std::ranges::equal(known, unit); });
    if (headers_.size() == most_headers) headers_.erase(headers_.begin());
    headers_.emplace_back(unit.begin(), unit.end());
  }
}

void StreamHeaders::note(const AVPacket& packet) { learn(before_picture(bytes_of(packet))); }

PacketPtr StreamHeaders::completed(const AVPacket& packet) const {
  const Bytes bytes = bytes_of(packet);
  const std::vector<Bytes> own = before_picture(bytes);
  ByteVector added;
  for (const ByteVector& header : headers_) {
    const bool is_there = std::ranges::any_of(own, [&](Bytes unit) {
      return has_numbered_headers() ? std::ranges::equal(unit, header) : type_of(unit) == type_of(header);
    });
    if (!is_there) append_unit(added, header, length_bytes_);
  }
  if (added.empty()) return nullptr;

  // Behind the delimiter, which must be first. Headers with numbers go before the headers of the packet, which are
  // newer; others belong behind them.
  std::size_t at = 0;
  for (const Bytes unit : own) {
    if (kind_of(unit) == Kind::other || (has_numbered_headers() && kind_of(unit) != Kind::delimiter)) break;
    at = static_cast<std::size_t>(unit.data() + unit.size() - bytes.data());
  }
  if (length_bytes_ == 0) {
    while (at < bytes.size() && bytes[at] == 0) ++at;
    at -= std::min<std::size_t>(at, 2);  // the zeros of the start code
  }
  constexpr std::size_t most = std::numeric_limits<int>::max() - AV_INPUT_BUFFER_PADDING_SIZE;
  PacketPtr complete = make_packet();
  if (bytes.size() + added.size() > most ||
      av_new_packet(complete.get(), static_cast<int>(bytes.size() + added.size())) < 0 ||
      av_packet_copy_props(complete.get(), &packet) < 0) {
    throw std::bad_alloc();
  }
  complete->stream_index = packet.stream_index;
  std::memcpy(complete->data, bytes.data(), at);
  std::memcpy(complete->data + at, added.data(), added.size());
  std::memcpy(complete->data + at + added.size(), bytes.data() + at, bytes.size() - at);
  return complete;
}

}  // namespace transnet::media
