// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/export.hpp"
#include "transnet/frame_decoder.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A frame of a video as a player shows it: turned by its display matrix, with square pixels, 8-bit RGB.
struct Picture {
  std::int64_t frame = 0;  ///< its number, from 0 in order of presentation, as in `Timeline`
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  ///< [height * width * 3], rows from the top
};

/// The size of pictures and the decoding of their video.
struct PictureOptions {
  int max_width = 0;   ///< larger pictures are scaled down in proportion; 0 = no bound
  int max_height = 0;  ///< the same
  DecodeOptions decode;
};

/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API void validate(const PictureOptions& options);

/// Reads frames of a video as pictures. Passes each of `frames` to `take` once, in ascending order, as soon as it is
/// decoded; `frames` may have any order and may name a frame several times. Stops decoding after the last one. Frames
/// are counted as by `FrameDecoder`.
///
/// The width is scaled to make pixels square, as in players; the height changes only for `max_width` and `max_height`.
/// Colours are converted as by the `ffmpeg` command: HDR video is not tone-mapped.
///
/// Any number of threads may call it at the same time. A request on `stop` makes it throw Error(cancelled), even inside
/// a blocked read.
/// @returns a report: `frame_count` is the number of pictures passed to `take`. If some are missing, `error` says why:
/// the video is shorter, breaks off, or holds a picture that cannot be converted.
/// @throws Error as `FrameDecoder` and its `read`, and as `validate`; invalid_argument if a frame is negative;
/// limit_exceeded if a picture with square pixels is larger than `options.decode.limits.max_pixels`; the exceptions of
/// `take`.
[[nodiscard]] TRANSNET_API DecodeReport read_pictures(const std::filesystem::path& video,
                                                      std::span<const std::int64_t> frames,
                                                      const PictureOptions& options,
                                                      const std::function<void(Picture&&)>& take,
                                                      const std::stop_token& stop = {});

/// The file format of a picture.
enum class ImageFormat { jpeg, png, webp };

/// "jpeg", "png", "webp"
[[nodiscard]] TRANSNET_API std::string_view to_string(ImageFormat format) noexcept;

/// The largest width and height of an image of this format, pixels. FFmpeg limits the area as well.
[[nodiscard]] TRANSNET_API int max_image_side(ImageFormat format) noexcept;

inline constexpr int default_image_quality = 90;

/// The bytes of an image file. `quality`: 1 to 100, for jpeg (on FFmpeg's scale of 31 steps) and webp; png is lossless.
/// `pixels_per_inch`: its resolution on paper, 1 to 65535, which jpeg and png state; 0: they state none.
/// Any number of threads may call it at the same time.
/// @throws Error: invalid_argument for a number out of range; bad_shape if `rgb` does not have the picture's size;
/// unsupported if this FFmpeg has no encoder for the format, or if the picture is larger than `max_image_side` or
/// FFmpeg's limit.
[[nodiscard]] TRANSNET_API std::vector<std::uint8_t> encode_picture(const Picture& picture, ImageFormat format,
                                                                    int quality = default_image_quality,
                                                                    int pixels_per_inch = 0);

}  // namespace transnet::inline TRANSNET_ABI
