// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// The timecode of a stream's first frame as the container states it, as in `VideoMetadata::timecode`: a tag of the
/// stream, of a timecode track or of the file.
[[nodiscard]] std::optional<std::string> stated_timecode(const AVFormatContext& format, const AVStream& stream);

/// The timecode that lies beside a picture in the coded video: in the header of a group of MPEG pictures, or as
/// SMPTE ST 12-1. `rate`: pictures per second.
[[nodiscard]] std::optional<std::string> picture_timecode(const AVFrame& picture, AVRational rate);

}  // namespace transnet::media
