// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counted.hpp"
#include "media/encoder.hpp"
#include "media/ffmpeg.hpp"
#include "media/picture_converter.hpp"
#include "transnet/error.hpp"
#include "transnet/pictures.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// FFmpeg's settings for a format.
struct Coding {
  const char* encoder;
  AVPixelFormat pixels;
  int max_side;
};

Coding coding_of(ImageFormat format) noexcept {
  switch (format) {
    case ImageFormat::jpeg: return {"mjpeg", AV_PIX_FMT_YUVJ420P, 65500};
    case ImageFormat::png: return {"png", AV_PIX_FMT_RGB24, std::numeric_limits<int>::max()};
    case ImageFormat::webp: return {"libwebp", AV_PIX_FMT_YUV420P, 16383};
  }
  return {"png", AV_PIX_FMT_RGB24, std::numeric_limits<int>::max()};
}

std::string size_text(const Picture& picture) {
  return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

void check(const Picture& picture, ImageFormat format, int quality, int pixels_per_inch) {
  if (pixels_per_inch < 0 || pixels_per_inch > std::numeric_limits<std::uint16_t>::max()) {
    throw Error(ErrorCode::invalid_argument,
                "pixels_per_inch " + std::to_string(pixels_per_inch) + " is not between 0 and 65535");
  }
  if (quality < 1 || quality > 100) {
    throw Error(ErrorCode::invalid_argument, "quality " + std::to_string(quality) + " is not between 1 and 100");
  }
  const std::int64_t pixels = std::int64_t{picture.width} * picture.height;
  const auto bytes = std::ssize(picture.rgb);
  if (picture.width <= 0 || picture.height <= 0 || bytes % 3 != 0 || bytes / 3 != pixels) {
    throw Error(ErrorCode::bad_shape, "a picture of " + size_text(picture) + " pixels cannot have " +
                                          base::counted(picture.rgb.size(), "byte"));
  }
  const int max_side = max_image_side(format);
  if (std::max(picture.width, picture.height) > max_side) {
    throw Error(ErrorCode::unsupported, "a picture of " + size_text(picture) + " pixels is too large for " +
                                            std::string(to_string(format)) + ", which takes at most " +
                                            std::to_string(max_side) + " pixels per side");
  }
  // FFmpeg's own limit, for the frame that is made below.
  if (av_image_check_size(static_cast<unsigned>(picture.width) + 1, static_cast<unsigned>(picture.height),
                          media::silent_log_offset, nullptr) < 0) {
    throw Error(ErrorCode::unsupported, "a picture of " + size_text(picture) + " pixels is too large for FFmpeg");
  }
}

const AVCodec& encoder_of(ImageFormat format) {
  const char* name = coding_of(format).encoder;
  const AVCodec* codec = avcodec_find_encoder_by_name(name);
  if (codec != nullptr) return *codec;
  throw Error(ErrorCode::unsupported, std::string(to_string(format)) +
                                          " cannot be written: this FFmpeg has no encoder " + name +
                                          media::encoder_advice());
}

/// Maps JPEG's usual quality scale to FFmpeg's quantiser, where 8 leaves the quantiser table unchanged.
int jpeg_quantiser(int quality) noexcept {
  constexpr double unscaled = 8.0;
  const double percent = quality < 50 ? 5000.0 / quality : 200.0 - 2.0 * quality;
  return std::clamp(static_cast<int>(std::lround(unscaled * percent / 100.0)), 1, 31);
}

media::FramePtr frame_of(const Picture& picture) {
  media::FramePtr frame = media::make_frame();
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = picture.width + 1;
  frame->height = picture.height;
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  frame->width = picture.width;
  const int row_bytes = picture.width * 3;
  av_image_copy_plane(frame->data[0], frame->linesize[0], picture.rgb.data(), row_bytes, row_bytes, picture.height);
  // libswscale halves colours by pairs of pixels; with an odd width it reads one pixel after the last.
  for (int row = 0; row < picture.height; ++row) {
    std::uint8_t* behind = frame->data[0] + static_cast<std::ptrdiff_t>(row) * frame->linesize[0] + row_bytes;
    std::copy_n(behind - 3, 3, behind);
  }
  return frame;
}

media::CodecContextPtr open(const AVFrame& frame, ImageFormat format, int quality) {
  media::CodecContextPtr encoder = media::make_encoder(encoder_of(format));
  encoder->width = frame.width;
  encoder->height = frame.height;
  encoder->pix_fmt = coding_of(format).pixels;
  encoder->time_base = {1, 1};
  encoder->sample_aspect_ratio = {1, 1};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;  // keeps its version out of the file
  media::EncoderOptions options;
  switch (format) {
    case ImageFormat::jpeg:
      encoder->color_range = AVCOL_RANGE_JPEG;
      encoder->flags |= AV_CODEC_FLAG_QSCALE;
      encoder->global_quality = jpeg_quantiser(quality) * FF_QP2LAMBDA;
      encoder->qmin = 1;
      break;
    case ImageFormat::png: options = {{"pred", "mixed"}}; break;  // a filter per row: files are much smaller
    case ImageFormat::webp: options = {{"quality", std::to_string(quality)}}; break;
  }
  media::open_encoder(*encoder, options);
  return encoder;
}

using Bytes = std::vector<std::uint8_t>;

void put_big_endian(Bytes& bytes, std::size_t at, std::uint32_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> 8U * (count - 1 - i));
}

/// The place of the name in the bytes, if `count` bytes from there are in them; otherwise nothing.
std::optional<std::size_t> find(const Bytes& bytes, std::string_view name, std::size_t count) {
  const auto at = static_cast<std::size_t>(std::ranges::search(bytes, name).begin() - bytes.begin());
  return at + count <= bytes.size() ? std::optional(at) : std::nullopt;
}

/// Into the header in which FFmpeg's encoder states that pixels are square.
void state_jfif_resolution(Bytes& bytes, std::uint32_t pixels_per_inch) {
  constexpr std::uint8_t inches = 1;
  const auto at = find(bytes, std::string_view("JFIF\0", 5), 12);
  if (!at) return;
  bytes[*at + 7] = inches;
  put_big_endian(bytes, *at + 8, pixels_per_inch, 2);
  put_big_endian(bytes, *at + 10, pixels_per_inch, 2);
}

/// The same; this chunk ends with a checksum.
void state_png_resolution(Bytes& bytes, std::uint32_t pixels_per_inch) {
  constexpr std::uint8_t metres = 1;
  constexpr std::size_t checked_bytes = 13;  // the name of the chunk and its content
  const auto at = find(bytes, "pHYs", checked_bytes + 4);
  if (!at) return;
  const auto pixels_per_metre = static_cast<std::uint32_t>(std::lround(pixels_per_inch / 0.0254));
  put_big_endian(bytes, *at + 4, pixels_per_metre, 4);
  put_big_endian(bytes, *at + 8, pixels_per_metre, 4);
  bytes[*at + 12] = metres;
  const auto* table = av_crc_get_table(AV_CRC_32_IEEE_LE);
  put_big_endian(bytes, *at + checked_bytes, ~av_crc(table, ~0U, bytes.data() + *at, checked_bytes), 4);
}

void state_resolution(Bytes& bytes, ImageFormat format, int pixels_per_inch) {
  const auto resolution = static_cast<std::uint32_t>(pixels_per_inch);
  switch (format) {
    case ImageFormat::jpeg: return state_jfif_resolution(bytes, resolution);
    case ImageFormat::png: return state_png_resolution(bytes, resolution);
    case ImageFormat::webp: return;  // has no place for it
  }
}

}  // namespace

std::string_view to_string(ImageFormat format) noexcept {
  switch (format) {
    case ImageFormat::jpeg: return "jpeg";
    case ImageFormat::png: return "png";
    case ImageFormat::webp: return "webp";
  }
  return "png";
}

int max_image_side(ImageFormat format) noexcept { return coding_of(format).max_side; }

std::vector<std::uint8_t> encode_picture(const Picture& picture, ImageFormat format, int quality, int pixels_per_inch) {
  check(picture, format, quality, pixels_per_inch);
  const media::FramePtr frame = frame_of(picture);
  const media::CodecContextPtr encoder = open(*frame, format, quality);
  media::PictureConverter(encoder->pix_fmt, frame->width, frame->height).apply(*frame);
  frame->pts = 0;
  frame->quality = encoder->global_quality;

  Bytes bytes;
  const auto append = [&bytes](const AVPacket& packet) {
    bytes.insert(bytes.end(), packet.data, packet.data + packet.size);
  };
  media::encode(*encoder, frame.get(), append);
  media::encode(*encoder, nullptr, append);
  if (pixels_per_inch > 0) state_resolution(bytes, format, pixels_per_inch);
  return bytes;
}

}  // namespace transnet::inline TRANSNET_ABI
