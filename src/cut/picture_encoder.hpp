// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "media/encoder.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// The caller's quality and speed of the picture encoder.
[[nodiscard]] EncoderOptions quality_options(const CutOptions& options);
/// All of the caller's options for it.
[[nodiscard]] EncoderOptions picture_options(const CutOptions& options);

struct PictureEncoding {
  const AVCodec& codec;
  EncoderOptions options;
  int threads = 0;                  ///< 0 = as FFmpeg chooses
  bool has_global_headers = false;  ///< parameter sets are stored beside the packets
  bool has_constant_rate = false;   ///< stamps are whole frames
  std::optional<int> max_b_frames;  ///< in a row; empty = the encoder's choice
};

/// An encoder for pictures like `first`, which takes their stamps in the stream's time base, or in frames if the rate
/// is constant or the encoder knows only certain rates, as for MPEG-1 and -2. If it takes no odd sizes, it gets
/// the next smaller even one.
/// @throws Error(unsupported) that says why it cannot be opened.
[[nodiscard]] CodecContextPtr open_picture_encoder(AVFormatContext& video, AVStream& stream, const AVFrame& first,
                                                   const PictureEncoding& encoding);

}  // namespace transnet::media
