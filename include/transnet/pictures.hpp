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

/// A frame of a video as a player shows it: turned as its display matrix says, pixels square, 8-bit RGB.
struct Picture {
  std::int64_t frame = 0;  ///< its number, from 0 in order of presentation, as in `Timeline`
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  ///< [height * width * 3], rows from the top
};

/// The size of pictures, and how their video is read.
struct PictureOptions {
  int max_width = 0;   ///< larger pictures are scaled down, in proportion; 0 = no bound
  int max_height = 0;  ///< the same
  DecodeOptions decode;
};

/// @throws Error(invalid_argument) that names the option and its value.
TRANSNET_API void validate(const PictureOptions& options);

/// Reads frames of a video as pictures. Hands each of `frames` to `take` once, in ascending order, as soon as it is
/// decoded, whatever their order and however often one is named; stops decoding behind the last one. Frames are counted
/// as `FrameDecoder` counts them.
///
/// A width is rounded so that pixels are square, as players do; the height stays but for `max_width` and `max_height`.
/// Colours are converted as the `ffmpeg` command converts them: of HDR video, no tones are mapped.
///
/// Any number of threads may call it at the same time. A request on `stop` makes it throw Error(cancelled), inside a
/// blocked read too.
/// @returns how it went: `frame_count` pictures were handed out, and where that is not all of them, `error` says why:
/// the video is shorter, breaks off, or holds a picture that cannot be converted.
/// @throws Error as `FrameDecoder` and its `read`, and as `validate`; invalid_argument where a frame is negative;
/// limit_exceeded where a picture with square pixels is larger than `options.decode.limits.max_pixels`; what `take`
/// throws.
[[nodiscard]] TRANSNET_API DecodeReport read_pictures(const std::filesystem::path& video,
                                                      std::span<const std::int64_t> frames,
                                                      const PictureOptions& options,
                                                      const std::function<void(Picture&&)>& take,
                                                      const std::stop_token& stop = {});

/// How a picture is written into a file.
enum class ImageFormat { jpeg, png, webp };

/// "jpeg", "png", "webp"
[[nodiscard]] TRANSNET_API std::string_view to_string(ImageFormat format) noexcept;

/// Pixels that an image of the format may be wide or high. The area has a bound as well, which is FFmpeg's.
[[nodiscard]] TRANSNET_API int max_image_side(ImageFormat format) noexcept;

inline constexpr int default_image_quality = 90;

/// The bytes of an image file. `quality`: 1 to 100, of jpeg (on FFmpeg's scale of 31 steps) and of webp; png is without
/// loss. Any number of threads may call it at the same time.
/// @throws Error: invalid_argument for a quality out of range; bad_shape where `rgb` is not of the picture's size;
/// unsupported where this FFmpeg has no encoder for the format, or the picture is larger than `max_image_side`
/// or than FFmpeg takes.
[[nodiscard]] TRANSNET_API std::vector<std::uint8_t> encode_picture(const Picture& picture, ImageFormat format,
                                                                    int quality = default_image_quality);

}  // namespace transnet::inline TRANSNET_ABI
