// SPDX-License-Identifier: Apache-2.0
#include "media/picture_converter.hpp"

#include <string>

#include "base/is_hd.hpp"
#include "transnet/error.hpp"

namespace transnet::media {

bool is_rgb(AVPixelFormat format) noexcept {
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
  return description != nullptr && (description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

AVColorSpace usual_matrix(int height) noexcept { return base::is_hd(height) ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M; }

void PictureConverter::apply(AVFrame& picture) {
  if (picture.format == format_ && picture.width == width_ && picture.height == height_) return;
  const Input input{picture.format, picture.width, picture.height, number_of(picture.colorspace),
                    number_of(picture.color_range)};
  state_range_apart(picture);
  if (!chain_ || input != input_) {
    const AVPixelFormat format = format_without_range(format_);
    const bool becomes_yuv = is_rgb(static_cast<AVPixelFormat>(picture.format)) && !is_rgb(format);
    chain_ = FilterChain(picture_source(picture, microseconds) + "scale=" + std::to_string(width_) + ":" +
                         std::to_string(height_) + ":flags=bicubic" +
                         (becomes_yuv ? std::string(":out_color_matrix=") + av_color_space_name(rgb_matrix_) : "") +
                         (format != format_ ? ":out_range=full" : "") +
                         ",format=pix_fmts=" + av_get_pix_fmt_name(format) + ",buffersink@out");
    input_ = input;
  }
  const std::int64_t pts = picture.pts;
  chain_.push(&picture);
  av_frame_unref(&picture);
  if (!chain_.pull(picture)) throw Error(ErrorCode::internal, "a filter kept a picture back");
  picture.format = format_;
  picture.pts = pts;
}

}  // namespace transnet::media
