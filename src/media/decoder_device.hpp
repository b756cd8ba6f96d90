// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "media/ffmpeg.hpp"

/// Decoding by a device, such as the video engine of a graphics card, through FFmpeg's `hwaccel`.
namespace transnet::media {

/// Whether `decoder`, as `DecodeOptions::decoder`, names a device.
[[nodiscard]] bool names_device(const std::string& decoder) noexcept;

/// @throws Error(invalid_argument) with the types that this FFmpeg knows.
void check_decoder(const std::string& decoder);

/// Lets `context`, which is not open yet, decode by the device that `decoder` names. If the device cannot decode the
/// video, FFmpeg's own decoder does, as with the `ffmpeg` command.
/// @throws Error(unsupported) if the device cannot be opened.
void choose_decoder(AVCodecContext& context, const std::string& decoder);

/// Replaces a picture in the memory of a device by a copy in main memory; others stay. Returns whether it did.
/// @throws Error(unsupported)
bool bring_to_main_memory(AVFrame& picture);

}  // namespace transnet::media
