// SPDX-License-Identifier: Apache-2.0
#include "media/picture_filter.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

/// The filters, each followed by a comma, that rotate a picture as the `ffmpeg` command does: quarter turns are exact,
/// other angles are interpolated. Angles are clockwise, whole degrees.
std::string rotation_filters(const std::array<std::int32_t, 9>& matrix) {
  const auto degrees = clockwise_degrees(matrix.data());
  if (!degrees) return {};
  if (degrees == 0) return matrix[4] < 0 ? "vflip," : "";
  if (degrees == 90) return matrix[3] > 0 ? "transpose=cclock_flip," : "transpose=clock,";
  if (degrees == 270) return matrix[3] < 0 ? "transpose=clock_flip," : "transpose=cclock,";
  if (degrees == 180) {
    return std::string(matrix[0] < 0 ? "hflip," : "") + (matrix[4] < 0 ? "vflip," : "");
  }
  return "rotate=angle='" + std::to_string(*degrees) + "*PI/180',";
}

}  // namespace

bool PictureFilter::Input::needs_other_chain_than(const Input& other) const noexcept {
#if TRANSNET_FFMPEG_LINKS_HAVE_COLOR
  if (color_space != other.color_space || color_range != other.color_range) return true;
#endif
  // Where links do not carry the colour, `scale` reads it from every picture.
  return format != other.format || width != other.width || height != other.height ||
         pixel_aspect.num != other.pixel_aspect.num || pixel_aspect.den != other.pixel_aspect.den ||
         display_matrix != other.display_matrix;
}

PictureFilter::Input PictureFilter::input_of(const AVFrame& frame) const {
  Input input{frame.format,
              frame.width,
              frame.height,
              frame.sample_aspect_ratio,
              number_of(frame.colorspace),
              number_of(frame.color_range),
              std::nullopt};
  const std::int32_t* matrix = frame_display_matrix(frame);
  if (matrix == nullptr) matrix = stream_display_matrix(stream_);
  if (matrix != nullptr) {
    input.display_matrix.emplace();
    std::copy_n(matrix, input.display_matrix->size(), input.display_matrix->begin());
  }
  return input;
}

void PictureFilter::build(const AVFrame& frame) {
  chain_ = FilterChain(picture_source(frame, stream_.time_base) +
                           (input_.display_matrix ? rotation_filters(*input_.display_matrix) : "") + "scale=" + scale_ +
                           ",format=pix_fmts=rgb24,buffersink@out",
                       threads_);
  const int width = av_buffersink_get_w(&chain_.sink());
  const int height = av_buffersink_get_h(&chain_.sink());
  if (max_pixels_ == 0 || std::int64_t{width} * height <= max_pixels_) return;
  chain_ = {};
  throw Error(ErrorCode::limit_exceeded, "a picture of " + std::to_string(width) + "x" + std::to_string(height) +
                                             " is larger than max_pixels " + std::to_string(max_pixels_));
}

void PictureFilter::convert(AVFrame& frame) {
  const Input input = input_of(frame);
  state_range_apart(frame);
  if (!chain_ || input.needs_other_chain_than(input_)) {
    input_ = input;
    chain_ = {};
    build(frame);
  }
  av_frame_unref(picture_.get());
  chain_.push(&frame);
  if (!chain_.pull(*picture_)) throw Error(ErrorCode::internal, "a filter kept a picture back");
}

const AVFrame& PictureFilter::apply(AVFrame& frame) {
  try {
    convert(frame);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "a picture cannot be scaled: out of memory");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::limit_exceeded) throw;
    const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(input_.format));
    throw Error(error.code(), "pictures of " + std::to_string(input_.width) + "x" + std::to_string(input_.height) +
                                  " pixels of " + (format != nullptr ? format : "an unknown format") +
                                  " cannot be scaled: " + error.what());
  }
  return *picture_;
}

void PictureFilter::check(const AVFrame& frame) {
  if (chain_ && !input_of(frame).needs_other_chain_than(input_)) return;
  const FramePtr copy = clone_frame(frame);
  (void)apply(*copy);
}

}  // namespace transnet::media
