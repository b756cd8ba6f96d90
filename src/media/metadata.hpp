// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/demuxer.hpp"
#include "transnet/video_task.hpp"

namespace transnet::media {

/// What the container says of the demuxer's stream. Read before the first packet: reading may change it.
[[nodiscard]] VideoMetadata read_metadata(const Demuxer& demuxer);

}  // namespace transnet::media
