#include "media/picture_filter.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <new>

namespace transnet::media {
namespace {

/// The filters, each followed by a comma, that turn a picture upright as the `ffmpeg` command does: quarter turns are
/// exact, any other angle is interpolated. Angles are clockwise, whole degrees.
std::string rotation_filters(const std::array<std::int32_t, 9>& matrix) {
  const double counterclockwise = av_display_rotation_get(matrix.data());
  if (std::isnan(counterclockwise)) return {};
  const double degrees = std::fmod(360.0 - std::round(counterclockwise), 360.0);
  if (degrees == 0.0) return matrix[4] < 0 ? "vflip," : "";
  if (degrees == 90.0) return matrix[3] > 0 ? "transpose=cclock_flip," : "transpose=clock,";
  if (degrees == 270.0) return matrix[3] < 0 ? "transpose=clock_flip," : "transpose=cclock,";
  if (degrees == 180.0) {
    return std::string(matrix[0] < 0 ? "hflip," : "") + (matrix[4] < 0 ? "vflip," : "");
  }
  return "rotate=angle='" + std::to_string(static_cast<int>(degrees)) + "*PI/180',";
}

ErrorCode scaling_error_code(int averror) noexcept {
  return averror == AVERROR(ENOMEM) ? ErrorCode::out_of_memory : ErrorCode::unsupported;
}

std::string ratio(AVRational value) { return std::to_string(value.num) + "/" + std::to_string(value.den); }

}  // namespace

bool PictureFilter::Input::needs_other_graph_than(const Input& other) const noexcept {
#if TRANSNET_FFMPEG_LINKS_HAVE_COLOR
  if (color_space != other.color_space || color_range != other.color_range) return true;
#endif
  // `scale` follows the pixel aspect and, where links do not carry it, the colour of every picture by itself.
  return format != other.format || width != other.width || height != other.height ||
         display_matrix != other.display_matrix;
}

PictureFilter::Input PictureFilter::input_of(const AVFrame& frame) const {
  Input input{frame.format,     frame.width,       frame.height, frame.sample_aspect_ratio,
              frame.colorspace, frame.color_range, std::nullopt};
  const std::int32_t* matrix = frame_display_matrix(frame);
  if (matrix == nullptr) matrix = stream_display_matrix(stream_);
  if (matrix != nullptr) {
    input.display_matrix.emplace();
    std::copy_n(matrix, input.display_matrix->size(), input.display_matrix->begin());
  }
  return input;
}

std::string PictureFilter::description() const {
  std::string text = "buffer@in=video_size=" + std::to_string(input_.width) + "x" + std::to_string(input_.height) +
                     ":pix_fmt=" + std::to_string(input_.format) + ":time_base=" + ratio(stream_.time_base);
  if (input_.pixel_aspect.den != 0) text += ":pixel_aspect=" + ratio(input_.pixel_aspect);
#if TRANSNET_FFMPEG_LINKS_HAVE_COLOR
  text += ":colorspace=" + std::to_string(input_.color_space) + ":range=" + std::to_string(input_.color_range);
#endif
  text += ",";
  if (input_.display_matrix) text += rotation_filters(*input_.display_matrix);
  text += "scale=" + std::to_string(frame_width) + ":" + std::to_string(frame_height) + ":flags=" + scaler_ + ",";
  return text + "format=pix_fmts=rgb24,buffersink@out";
}

void PictureFilter::build() {
  graph_.reset(avfilter_graph_alloc());
  if (!graph_) throw std::bad_alloc();
  graph_->nb_threads = threads_;

  AVFilterInOut* inputs = nullptr;
  AVFilterInOut* outputs = nullptr;
  int result = avfilter_graph_parse_ptr(graph_.get(), description().c_str(), &inputs, &outputs, nullptr);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (result >= 0) result = avfilter_graph_config(graph_.get(), nullptr);
  source_ = avfilter_graph_get_filter(graph_.get(), "buffer@in");
  sink_ = avfilter_graph_get_filter(graph_.get(), "buffersink@out");
  if (result < 0 || source_ == nullptr || sink_ == nullptr) {
    graph_.reset();
    const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(input_.format));
    throw Error(scaling_error_code(result),
                "pictures of " + std::to_string(input_.width) + "x" + std::to_string(input_.height) + " pixels of " +
                    (format != nullptr ? format : "an unknown format") + " cannot be scaled: " + error_text(result));
  }
}

void PictureFilter::apply(AVFrame& frame, std::span<std::uint8_t, frame_bytes> rgb) {
  Input input = input_of(frame);
  if (!graph_ || input.needs_other_graph_than(input_)) {
    input_ = input;
    build();
  }
  int result = av_buffersrc_add_frame_flags(source_, &frame, AV_BUFFERSRC_FLAG_PUSH);
  if (result >= 0) result = av_buffersink_get_frame(sink_, picture_.get());
  if (result < 0) throw Error(scaling_error_code(result), "a picture cannot be scaled: " + error_text(result));

  constexpr auto row_bytes = static_cast<std::size_t>(frame_width * frame_channels);
  for (std::size_t row = 0; row < static_cast<std::size_t>(frame_height); ++row) {
    const std::uint8_t* source = picture_->data[0] + static_cast<std::ptrdiff_t>(row) * picture_->linesize[0];
    std::memcpy(rgb.data() + row * row_bytes, source, row_bytes);
  }
  av_frame_unref(picture_.get());
}

}  // namespace transnet::media
