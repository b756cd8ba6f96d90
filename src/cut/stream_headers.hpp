// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cut/smart/nal_units.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The headers without which no picture of a stream can be decoded: the parameter sets of H.264 and HEVC, the sequence
/// headers of MPEG and VC-1. A stream may have them at its beginning alone, so that a copy of a later part lacks them
/// unless the container keeps them beside the packets.
class StreamHeaders {
 public:
  explicit StreamHeaders(const AVStream& stream);

  /// Learns the headers in the stream's next packet.
  void note(const AVPacket& packet);

  /// The packet with the headers that it lacks; null if it lacks none.
  [[nodiscard]] PacketPtr completed(const AVPacket& packet) const;

  /// Whether packets have lengths in the place of start codes, as in MP4 and Matroska.
  [[nodiscard]] bool has_lengths() const noexcept { return length_bytes_ > 0; }

 private:
  /// Whether a stream can have several headers of a type, each with a number.
  [[nodiscard]] bool has_numbered_headers() const noexcept;
  /// A sequence is a header that ends the validity of the earlier ones, unless they have numbers.
  enum class Kind { other, delimiter, header, sequence, picture };
  [[nodiscard]] Kind kind_of(Bytes unit) const noexcept;
  [[nodiscard]] int type_of(Bytes unit) const noexcept;
  [[nodiscard]] std::vector<Bytes> before_picture(Bytes packet) const;
  void learn(const std::vector<Bytes>& units);

  AVCodecID codec_;
  int length_bytes_ = 0;             // as in `split_units`
  std::vector<ByteVector> headers_;  // in the order of their last appearance
};

}  // namespace transnet::media
