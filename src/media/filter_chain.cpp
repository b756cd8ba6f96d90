// SPDX-License-Identifier: Apache-2.0
#include "media/filter_chain.hpp"

#include <new>

#include "transnet/error.hpp"

namespace transnet::media {
namespace {

[[noreturn]] void fail(int result) {
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  throw Error(ErrorCode::unsupported, "libavfilter cannot convert it: " + error_text(result));
}

AVFilterContext* find(AVFilterGraph& graph, const char* of_pictures, const char* of_sound) {
  AVFilterContext* filter = avfilter_graph_get_filter(&graph, of_pictures);
  return filter != nullptr ? filter : avfilter_graph_get_filter(&graph, of_sound);
}

}  // namespace

FilterChain::FilterChain(const std::string& description, int threads) : graph_(avfilter_graph_alloc()) {
  if (!graph_) throw std::bad_alloc();
  graph_->nb_threads = threads;
  AVFilterInOut* inputs = nullptr;
  AVFilterInOut* outputs = nullptr;
  int result = avfilter_graph_parse_ptr(graph_.get(), description.c_str(), &inputs, &outputs, nullptr);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (result >= 0) result = avfilter_graph_config(graph_.get(), nullptr);
  if (result < 0) fail(result);
  source_ = find(*graph_, "buffer@in", "abuffer@in");
  sink_ = find(*graph_, "buffersink@out", "abuffersink@out");
  if (source_ == nullptr || sink_ == nullptr) fail(AVERROR_BUG);
}

void FilterChain::push(AVFrame* frame) {
  const int result = av_buffersrc_add_frame_flags(source_, frame, AV_BUFFERSRC_FLAG_PUSH);
  if (result < 0) fail(result);
}

bool FilterChain::pull(AVFrame& frame) {
  const int result = av_buffersink_get_frame(sink_, &frame);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  if (result < 0) fail(result);
  return true;
}

AVPixelFormat format_without_range(AVPixelFormat format) noexcept {
  switch (format) {
    case AV_PIX_FMT_YUVJ411P: return AV_PIX_FMT_YUV411P;
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    default: return format;
  }
}

void state_range_apart(AVFrame& picture) noexcept {
  const auto format = static_cast<AVPixelFormat>(picture.format);
  picture.format = format_without_range(format);
  if (picture.format == format) return;
  // A range that is stated counts for more than the name.
  if (number_of(picture.color_range) == AVCOL_RANGE_UNSPECIFIED) picture.color_range = AVCOL_RANGE_JPEG;
}

std::string picture_source(const AVFrame& picture, AVRational time_base) {
  std::string text = "buffer@in=video_size=" + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                     ":pix_fmt=" + std::to_string(picture.format) + ":time_base=" + ratio_text(time_base);
  const AVRational aspect = picture.sample_aspect_ratio;
  if (aspect.den != 0) text += ":pixel_aspect=" + ratio_text(aspect);
#if TRANSNET_FFMPEG_LINKS_HAVE_COLOR
  text += ":colorspace=" + std::to_string(number_of(picture.colorspace)) +
          ":range=" + std::to_string(number_of(picture.color_range));
#endif
  return text + ",";
}

}  // namespace transnet::media
