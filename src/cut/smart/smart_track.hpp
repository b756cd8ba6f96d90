// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cut/muxer.hpp"
#include "cut/packet_queue.hpp"
#include "cut/picture_track.hpp"
#include "cut/smart/coded_stream.hpp"
#include "cut/smart/smart_plan.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// The pictures of a clip; those in the middle are the video's own packets.
///
/// It compares every picture with the plan. If they do not match, it gives up: it sets the plan's obstacle and throws
/// an Error(unsupported).
class SmartTrack final : public PictureTrack {
 public:
  /// `start`: the stamp of `first`, the clip's first picture, in the stream. The muxer must not have begun yet; the
  /// muxer and `plan` must outlive the track.
  SmartTrack(AVFormatContext& video, AVStream& stream, const AVFrame& first, std::int64_t start, SmartPlan& plan,
             const CutOptions& options, Muxer& muxer);

  void take(AVFrame& picture) override;
  void take_packet(const AVPacket& packet) override;
  void end(std::int64_t end) override;

 private:
  /// The properties that must not change, so that encoded and copied pictures match.
  struct Look {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    bool is_interlaced = false;
    explicit Look(const AVFrame& picture) noexcept;
    bool operator==(const Look&) const = default;
  };

  [[noreturn]] void give_up(const std::string& obstacle) const;
  [[nodiscard]] CodedStream read_stream() const;
  [[nodiscard]] CodecContextPtr open(const AVFrame& first) const;
  void add_stream(const AVFrame& first);
  void encode_picture(AVFrame& picture);
  void finish_encoder();
  void write_copied(const AVPacket& packet);
  void write(AVPacket& packet);
  [[nodiscard]] std::int64_t stamp(std::size_t picture) const noexcept;
  [[nodiscard]] std::int64_t decoding_stamp(std::size_t packet) const noexcept;

  AVFormatContext& video_;
  AVStream& stream_;
  SmartPlan& plan_;
  const CutOptions& options_;
  Muxer& muxer_;
  const CodedStream coded_;
  const Look look_;
  CodecContextPtr encoder_;  // first for the head, then for the tail
  ByteVector description_;   // the encoder's own
  int output_ = 0;
  std::size_t reorder_;
  std::size_t taken_ = 0;    // pictures
  std::size_t written_ = 0;  // packets
  PacketQueue waiting_;      // copied packets, until the head is encoded
};

}  // namespace transnet::media
