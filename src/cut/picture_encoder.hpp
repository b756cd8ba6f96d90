// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "media/encoder.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/clip_cutter.hpp"

namespace transnet::media {

/// What the caller wants of the encoder of pictures.
[[nodiscard]] EncoderOptions picture_options(const CutOptions& options);

struct PictureEncoding {
  const AVCodec& codec;
  EncoderOptions options;
  int threads = 0;                  ///< 0 = as FFmpeg chooses
  bool has_global_headers = false;  ///< parameter sets lie beside the packets
  std::optional<int> max_b_frames;  ///< in a row; empty = as the encoder chooses
};

/// An encoder for pictures like `first`, which takes their stamps in the stream's time base. One that does not take an
/// odd size gets the even one below.
/// @throws Error(unsupported) that says why it cannot be opened.
[[nodiscard]] CodecContextPtr open_picture_encoder(AVFormatContext& video, AVStream& stream, const AVFrame& first,
                                                   const PictureEncoding& encoding);

}  // namespace transnet::media
