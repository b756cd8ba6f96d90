// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/ffmpeg.hpp"
#include "media/filter_chain.hpp"

namespace transnet::media {

/// Converts pictures to one pixel format and size: for encoders that do not take the decoded format, and for videos
/// whose size changes.
class PictureConverter {
 public:
  PictureConverter(AVPixelFormat format, int width, int height) : format_(format), width_(width), height_(height) {}

  /// Replaces the content of `picture` if it does not fit; its stamp stays.
  /// @throws Error(unsupported) if libavfilter cannot convert it.
  void apply(AVFrame& picture);

 private:
  struct Input {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    int color_space = 0;
    int color_range = 0;
    bool operator==(const Input&) const = default;
  };

  AVPixelFormat format_;
  int width_;
  int height_;
  Input input_;  // of the chain
  FilterChain chain_;
};

}  // namespace transnet::media
