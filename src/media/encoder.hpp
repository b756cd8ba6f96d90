// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The encoder of that name, or the one that FFmpeg prefers for the codec of that name.
/// @throws Error(invalid_argument) that names the encoders of this type that there are.
[[nodiscard]] const AVCodec& find_encoder(const std::string& name, AVMediaType type);

/// Options of the encoder's own, by their names and values. @throws Error(invalid_argument) where it has none of a
/// name.
using EncoderOptions = std::vector<std::pair<std::string, std::string>>;
void check_options(const AVCodec& codec, const EncoderOptions& options);

// What an encoder takes; empty = anything.
[[nodiscard]] std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec) noexcept;
[[nodiscard]] std::span<const AVSampleFormat> sample_formats(const AVCodec& codec) noexcept;
[[nodiscard]] std::span<const int> sample_rates(const AVCodec& codec) noexcept;

[[nodiscard]] CodecContextPtr make_encoder(const AVCodec& codec);

/// @throws Error(unsupported) that says why it cannot be opened.
void open_encoder(AVCodecContext& encoder, const EncoderOptions& options = {});

/// Hands a frame to the encoder, null for the end, and what comes out of it to `write`.
/// @throws Error(unsupported)
void encode(AVCodecContext& encoder, const AVFrame* frame, const std::function<void(AVPacket&)>& write);

}  // namespace transnet::media
