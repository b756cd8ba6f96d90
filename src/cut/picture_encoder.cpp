// SPDX-License-Identifier: Apache-2.0
#include "cut/picture_encoder.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/number_text.hpp"
#include "media/filter_chain.hpp"
#include "media/picture_converter.hpp"
#include "transnet/error.hpp"

namespace transnet::media {
namespace {

AVPixelFormat choose_format(const AVCodec& codec, AVPixelFormat decoded) {
  const auto formats = pixel_formats(codec);
  if (formats.empty() || std::ranges::find(formats, decoded) != formats.end()) return decoded;
  AVPixelFormat best = AV_PIX_FMT_NONE;
  for (const AVPixelFormat format : formats) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    if (description == nullptr || (description->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) continue;
    best = best == AV_PIX_FMT_NONE ? format : av_find_best_pix_fmt_of_2(best, format, decoded, 0, nullptr);
  }
  return best == AV_PIX_FMT_NONE ? decoded : best;
}

void set_up(AVCodecContext& encoder, AVFormatContext& video, AVStream& stream, const AVFrame& first,
            bool has_constant_rate) {
  encoder.width = first.width;
  encoder.height = first.height;
  encoder.pix_fmt = choose_format(*encoder.codec, static_cast<AVPixelFormat>(first.format));
  // Stamps stay as they are where they may: the encoder uses the rate only for bit rate control.
  encoder.time_base = stream.time_base;
  encoder.framerate = av_guess_frame_rate(&video, &stream, nullptr);
  const auto rates = frame_rates(*encoder.codec);
  if (!rates.empty()) {
    const auto difference = [wanted = av_q2d(encoder.framerate)](AVRational rate) {
      return std::abs(av_q2d(rate) - wanted);
    };
    encoder.framerate = *std::ranges::min_element(rates, {}, difference);
  }
  if (!rates.empty() || has_constant_rate) encoder.time_base = av_inv_q(encoder.framerate);
  encoder.sample_aspect_ratio = first.sample_aspect_ratio;
  copy_number(first.color_primaries, encoder.color_primaries);
  copy_number(first.color_trc, encoder.color_trc);
  copy_number(first.colorspace, encoder.colorspace);
  copy_number(first.color_range, encoder.color_range);
  if (is_rgb(static_cast<AVPixelFormat>(first.format)) && !is_rgb(encoder.pix_fmt)) {
    // Of the pictures that the converter makes, with `usual_matrix`.
    encoder.colorspace = usual_matrix(encoder.height);
    encoder.color_range =
        format_without_range(encoder.pix_fmt) != encoder.pix_fmt ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  }
  copy_number(first.chroma_location, encoder.chroma_sample_location);
  encoder.field_order = stream.codecpar->field_order;
  // Many containers do not say, or say it wrong: the picture knows.
  if (has_fields(first)) encoder.field_order = is_top_field_first(first) ? AV_FIELD_TT : AV_FIELD_BB;
  const bool is_interlaced = encoder.field_order != AV_FIELD_UNKNOWN && encoder.field_order != AV_FIELD_PROGRESSIVE;
  if (is_interlaced) encoder.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
}

/// With even sizes, half-size colour planes have whole pixels, which some encoders require.
void make_even(AVCodecContext& encoder) noexcept {
  encoder.width = std::max(encoder.width / 2 * 2, 2);
  encoder.height = std::max(encoder.height / 2 * 2, 2);
}

/// x264 writes into the stream which field comes first, and takes the top one unless this option says otherwise.
EncoderOptions with_field_order(const PictureEncoding& encoding, const AVFrame& first) {
  EncoderOptions options = encoding.options;
  if (std::string_view(encoding.codec.name) != "libx264" || !has_fields(first) || is_top_field_first(first))
    return options;
  const auto given = std::ranges::find(options, "x264opts", &EncoderOptions::value_type::first);
  if (given == options.end()) {
    options.emplace_back("x264opts", "bff=1");
  } else {
    given->second = "bff=1:" + given->second;
  }
  return options;
}

}  // namespace

EncoderOptions quality_options(const CutOptions& options) {
  EncoderOptions chosen;
  if (options.crf) chosen.emplace_back("crf", number_text(*options.crf));
  if (!options.preset.empty()) chosen.emplace_back("preset", options.preset);
  return chosen;
}

EncoderOptions picture_options(const CutOptions& options) {
  EncoderOptions chosen = quality_options(options);
  chosen.insert(chosen.end(), options.encoder_options.begin(), options.encoder_options.end());
  return chosen;
}

CodecContextPtr open_picture_encoder(AVFormatContext& video, AVStream& stream, const AVFrame& first,
                                     const PictureEncoding& encoding) {
  const auto options = with_field_order(encoding, first);
  const auto open = [&](bool has_even_size) {
    CodecContextPtr encoder = make_encoder(encoding.codec);
    set_up(*encoder, video, stream, first, encoding.has_constant_rate);
    if (has_even_size) make_even(*encoder);
    encoder->thread_count = encoding.threads;
    if (encoding.has_global_headers) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (encoding.max_b_frames) encoder->max_b_frames = *encoding.max_b_frames;
    open_encoder(*encoder, options);
    return encoder;
  };
  const bool is_odd = first.width % 2 != 0 || first.height % 2 != 0;
  try {
    return open(false);
  } catch (const Error&) {
    if (!is_odd) throw;
  }
  return open(true);
}

}  // namespace transnet::media
