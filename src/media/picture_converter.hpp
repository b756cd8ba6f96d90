// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/ffmpeg.hpp"
#include "media/filter_chain.hpp"

namespace transnet::media {

/// RGB, or numbers of a palette's colours.
[[nodiscard]] bool is_rgb(AVPixelFormat format) noexcept;

/// The matrix by which players make RGB of pictures of this height where none is stated: BT.709 in HD, BT.601 below.
[[nodiscard]] AVColorSpace usual_matrix(int height) noexcept;

/// Converts pictures to one pixel format and size: for encoders that do not take the decoded format, and for videos
/// whose size changes.
class PictureConverter {
 public:
  /// `rgb_matrix`: by which RGB becomes YUV; JPEG and WebP know one alone.
  PictureConverter(AVPixelFormat format, int width, int height, AVColorSpace rgb_matrix = AVCOL_SPC_SMPTE170M)
      : format_(format), width_(width), height_(height), rgb_matrix_(rgb_matrix) {}

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
  AVColorSpace rgb_matrix_;
  Input input_;  // of the chain
  FilterChain chain_;
};

}  // namespace transnet::media
