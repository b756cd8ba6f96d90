// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "media/encoder.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// The caller's options for the picture encoder.
[[nodiscard]] EncoderOptions picture_options(const CutOptions& options);

struct PictureEncoding {
  const AVCodec& codec;
  EncoderOptions options;
  int threads = 0;                  ///< 0 = as FFmpeg chooses
  bool has_global_headers = false;  ///< parameter sets are stored beside the packets
  std::optional<int> max_b_frames;  ///< in a row; empty = the encoder's choice
};

/// An encoder for pictures like `first`, which takes their stamps in the stream's time base. If it takes no odd sizes,
/// it gets the next smaller even one.
/// @throws Error(unsupported) that says why it cannot be opened.
[[nodiscard]] CodecContextPtr open_picture_encoder(AVFormatContext& video, AVStream& stream, const AVFrame& first,
                                                   const PictureEncoding& encoding);

}  // namespace transnet::media
