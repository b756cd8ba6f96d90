// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cut/picture_encoder.hpp"
#include "cut/smart/nal_units.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// A stream of H.264 or HEVC, as far as one must know it to put pictures of another encoder into it.
///
/// Both need parameter sets, which pictures name by number. x264 numbers its own so that they lie beside those of the
/// stream, at the beginning of the file: copied packets stay as they are. x265 cannot: its sets go with its pictures,
/// and the stream's with every copied picture at which decoding can begin.
class CodedStream {
 public:
  /// `stream` must outlive it.
  /// @throws Error(unsupported) that says why nothing can be put into the stream.
  explicit CodedStream(const AVStream& stream);
  CodedStream(const CodedStream&) = delete;
  CodedStream& operator=(const CodedStream&) = delete;

  /// What a packet is good for.
  struct Contents {
    bool is_entry = false;   ///< with it and without those before it, all pictures that are shown later can be decoded
    bool needs_end = false;  ///< as an entry, only where the stream before it has been ended
    bool changes_parameters = false;
  };
  [[nodiscard]] Contents look_into(const AVPacket& packet) const;

  /// @throws Error(unsupported) where there is no encoder for it.
  [[nodiscard]] PictureEncoding encoding(const CutOptions& options) const;
  /// Describes the stream with pictures of `encoder` in it.
  void describe(const AVCodecContext& encoder, AVCodecParameters& joined) const;
  /// The packet of an encoder as those of the stream are.
  [[nodiscard]] PacketPtr packed(const AVPacket& encoded) const;
  /// Whether copied entries must carry the stream's parameter sets where pictures of an encoder are in the stream.
  [[nodiscard]] bool repeats_parameters() const noexcept { return !is_h264(); }
  /// Such an entry. `ends_stream_before`: says that what comes before it is over, where its contents need that.
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
  const ByteVector description_;   // of the codec, by the container
  int length_bytes_ = 0;           // as `split_units` takes it
  std::vector<Bytes> parameters_;  // in the description
  const char* profile_ = nullptr;  // of H.264, as the encoder names it
};

}  // namespace transnet::media
