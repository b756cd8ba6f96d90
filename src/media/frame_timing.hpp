// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/demuxer.hpp"
#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Frames a second of raw video that the `ffmpeg` command would write from a stream.
[[nodiscard]] AVRational output_rate(const Demuxer& demuxer);

/// Where a stamp of the stream lies, in frames at `rate`.
[[nodiscard]] double output_position(std::int64_t stamp, AVRational time_base, AVRational rate) noexcept;

/// How many frames at `rate` a picture is shown; 1 where it does not say.
[[nodiscard]] double output_duration(const AVFrame& frame, AVRational time_base, AVRational rate) noexcept;

}  // namespace transnet::media
