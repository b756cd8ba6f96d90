// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transnet/abi.hpp"
#include "transnet/video_metadata.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Calls `visit(name, field)` for every field of a `VideoMetadata`, for readers and writers of all of them.
template <typename Metadata, typename Visit>
void for_each_field(Metadata& metadata, const Visit& visit) {
  visit("size", metadata.size);
  visit("height", metadata.height);
  visit("width", metadata.width);
  visit("rotation", metadata.rotation);
  visit("pixel_width", metadata.pixel_width);
  visit("pixel_height", metadata.pixel_height);
  visit("framerate", metadata.framerate);
  visit("num_frames", metadata.num_frames);
  visit("duration", metadata.duration);
  visit("video_codec", metadata.video_codec);
  visit("pixel_format", metadata.pixel_format);
  visit("audio_codec", metadata.audio_codec);
  visit("bit_rate_k", metadata.bit_rate_k);
  visit("timecode", metadata.timecode);
  visit("container", metadata.container);
  visit("start_s", metadata.start_s);
  visit("first_packet_s", metadata.first_packet_s);
  visit("audio_streams", metadata.audio_streams);
}

}  // namespace transnet::inline TRANSNET_ABI
