// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/demuxer.hpp"
#include "transnet/video_task.hpp"

namespace transnet::media {

/// The container's metadata of the demuxer's stream. Call it before the first packet, because reading may change it.
[[nodiscard]] VideoMetadata read_metadata(const Demuxer& demuxer);

/// Adds the size from a decoded picture if the container does not state it: a recording may begin in the middle of a
/// broadcast, long before the codec states its size.
void complete_metadata(const AVFrame& picture, VideoMetadata& metadata);

}  // namespace transnet::media
