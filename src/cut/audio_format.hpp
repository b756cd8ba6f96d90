// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "media/ffmpeg.hpp"

/// Channels for all supported versions of FFmpeg. If only their number is known, the usual layout is assumed.
namespace transnet::media {

[[nodiscard]] int channel_count(const AVFrame& frame) noexcept;
[[nodiscard]] int channel_count(const AVCodecContext& encoder) noexcept;
/// Gives an encoder the stream's channels, or as many as it takes.
void set_channels(const AVCodecParameters& from, AVCodecContext& encoder);
/// Makes `to` a frame of `sample_count` samples in the format of `from` or of the encoder.
void make_samples(const AVFrame& from, int sample_count, AVFrame& to);
void make_samples(const AVCodecContext& encoder, int sample_count, AVFrame& to);

// In the form of libavfilter's options.
[[nodiscard]] std::string channel_text(const AVFrame& frame);
[[nodiscard]] std::string channel_text(const AVCodecContext& encoder);

}  // namespace transnet::media
