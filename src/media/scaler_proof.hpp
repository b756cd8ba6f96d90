// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "media/ffmpeg.hpp"
#include "scale/picture_scaler.hpp"
#include "transnet/frames.hpp"

namespace transnet::media {

/// The layout of a picture in memory for the own scaler; empty if it does not take such pictures: it takes planar
/// Y'CbCr of 8 to 14 bits and NV12.
[[nodiscard]] std::optional<scale::PictureLayout> picture_layout(const AVFrame& picture);

/// How libswscale may scale a picture, the likeliest way first.
[[nodiscard]] std::vector<scale::Arithmetic> possible_arithmetics(const AVFrame& picture);

/// A picture and its frame.
struct ScaledPicture {
  FramePtr picture;
  std::array<std::uint8_t, frame_bytes> rgb;
};

/// A picture with the properties of `like`, of rectangles about as large as a pixel of a frame, many black, white or
/// saturated, and with noise over them. `seed`: which one.
[[nodiscard]] FramePtr noise_picture(const AVFrame& like, const scale::PictureLayout& layout, int seed);

}  // namespace transnet::media
