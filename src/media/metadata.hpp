// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/demuxer.hpp"
#include "transnet/video_task.hpp"

namespace transnet::media {

/// The container's metadata of the demuxer's stream. Call it before the first packet, because reading may change it.
[[nodiscard]] VideoMetadata read_metadata(const Demuxer& demuxer);

}  // namespace transnet::media
