// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// FFmpeg's names of its encoders of a type.
[[nodiscard]] std::vector<std::string> encoder_names(AVMediaType type);

/// The encoder of that name, or FFmpeg's preferred encoder for the codec of that name.
/// @throws Error(invalid_argument) that lists the existing encoders of this type.
[[nodiscard]] const AVCodec& find_encoder(const std::string& name, AVMediaType type);

/// The packager's words on how to get encoders, as a further sentence of an error; empty if there are none.
[[nodiscard]] std::string encoder_advice();

/// Names and values of options, the encoder's own and those that FFmpeg has for all encoders.
/// @throws Error(invalid_argument) if there is no such option.
using EncoderOptions = std::vector<std::pair<std::string, std::string>>;
void check_options(const AVCodec& codec, const EncoderOptions& options);

// The formats that an encoder takes; empty = any.
[[nodiscard]] std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec) noexcept;
[[nodiscard]] std::span<const AVSampleFormat> sample_formats(const AVCodec& codec) noexcept;
[[nodiscard]] std::span<const int> sample_rates(const AVCodec& codec) noexcept;
[[nodiscard]] std::span<const AVRational> frame_rates(const AVCodec& codec) noexcept;

[[nodiscard]] CodecContextPtr make_encoder(const AVCodec& codec);

/// @throws Error(unsupported) that says why it cannot be opened.
void open_encoder(AVCodecContext& encoder, const EncoderOptions& options = {});

/// Passes a frame to the encoder, null for the end, and its output to `write`.
/// @throws Error(unsupported)
void encode(AVCodecContext& encoder, const AVFrame* frame, const std::function<void(AVPacket&)>& write);

}  // namespace transnet::media
