// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cut/picture_encoder.hpp"
#include "cut/smart/nal_units.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// An H.264 or HEVC stream, with the facts needed to insert pictures of another encoder.
///
/// Both codecs need parameter sets, which pictures name by id. x264 can choose ids that are free in the stream, so all
/// sets go to the beginning of the file and copied packets stay unchanged. x265 cannot: its sets go with its pictures,
/// and the stream's sets go with every copied packet at which decoding can begin.
class CodedStream {
 public:
  /// `stream` must outlive it.
  /// @throws Error(unsupported) that says why nothing can be inserted into the stream.
  explicit CodedStream(const AVStream& stream);
  CodedStream(const CodedStream&) = delete;
  CodedStream& operator=(const CodedStream&) = delete;

  /// The use of a packet for copying.
  struct Contents {
    bool is_entry = false;   ///< all pictures shown later can be decoded without earlier packets
    bool needs_end = false;  ///< as an entry, it requires that the stream before it has ended
    bool changes_parameters = false;
  };
  [[nodiscard]] Contents look_into(const AVPacket& packet) const;

  /// @throws Error(unsupported) if there is no encoder for it.
  [[nodiscard]] PictureEncoding encoding(const CutOptions& options) const;
  /// Describes the stream with inserted pictures of `encoder`.
  void describe(const AVCodecContext& encoder, AVCodecParameters& joined) const;
  /// An encoder's packet in the stream's packet format.
  [[nodiscard]] PacketPtr packed(const AVPacket& encoded) const;
  /// Whether copied entries must carry the stream's parameter sets if the stream holds pictures of an encoder.
  [[nodiscard]] bool repeats_parameters() const noexcept { return !is_h264(); }
  /// The entry with parameter sets. `ends_stream_before`: adds a mark that the stream before it has ended.
  [[nodiscard]] PacketPtr with_parameters(const AVPacket& packet, bool ends_stream_before) const;

 private:
  [[nodiscard]] bool is_h264() const noexcept { return codec_ == AV_CODEC_ID_H264; }
  void read_h264();
  void read_hevc();
  [[nodiscard]] bool is_parameter_set(Bytes unit) const noexcept;
  [[nodiscard]] int free_id() const;
  [[nodiscard]] ByteVector described_with(Bytes description_of_encoder) const;

  const AVStream& stream_;
  AVCodecID codec_;
  const ByteVector description_;   // of the codec, from the container
  int length_bytes_ = 0;           // as in `split_units`
  std::vector<Bytes> parameters_;  // views into the description
  const char* profile_ = nullptr;  // of H.264, with the encoder's name for it
};

}  // namespace transnet::media
