#include "media/cut/picture_converter.hpp"

#include <string>

#include "transnet/error.hpp"

namespace transnet::media {

void PictureConverter::apply(AVFrame& picture) {
  if (picture.format == format_ && picture.width == width_ && picture.height == height_) return;
  const Input input{picture.format, picture.width, picture.height, picture.colorspace, picture.color_range};
  if (!chain_ || input != input_) {
    std::string text = "buffer@in=video_size=" + std::to_string(input.width) + "x" + std::to_string(input.height) +
                       ":pix_fmt=" + std::to_string(input.format) + ":time_base=1/1000000";
#if TRANSNET_FFMPEG_LINKS_HAVE_COLOR
    text += ":colorspace=" + std::to_string(input.color_space) + ":range=" + std::to_string(input.color_range);
#endif
    text += ",scale=" + std::to_string(width_) + ":" + std::to_string(height_) +
            ":flags=bicubic,format=pix_fmts=" + av_get_pix_fmt_name(format_) + ",buffersink@out";
    chain_ = FilterChain(text);
    input_ = input;
  }
  const std::int64_t pts = picture.pts;
  chain_.push(&picture);
  av_frame_unref(&picture);
  if (!chain_.pull(picture)) throw Error(ErrorCode::internal, "a filter kept a picture back");
  picture.pts = pts;
}

}  // namespace transnet::media
