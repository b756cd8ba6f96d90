// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transnet/abi.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The container's statements about sound.
struct AudioStream {
  std::int64_t stream = 0;  ///< FFmpeg's number of the stream in the file
  std::int64_t channels = 0;
  std::int64_t sample_rate_hz = 0;

  friend bool operator==(const AudioStream&, const AudioStream&) = default;
};

/// The container's statements about its video; a field is empty if the container does not state it. The size may come
/// from the first picture once it is decoded.
struct VideoMetadata {
  std::optional<std::int64_t> size;  ///< bytes of the whole file
  std::optional<std::int64_t> height;
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> rotation;     ///< degrees clockwise by which players turn the picture: 90, 180 or 270
  std::optional<std::int64_t> pixel_width;  ///< with `pixel_height`: the shape of a pixel before the rotation; empty =
                                            ///< square
  std::optional<std::int64_t> pixel_height;
  std::optional<double> framerate;         ///< average, frames per second
  std::optional<std::int64_t> num_frames;  ///< int(duration * framerate)
  std::optional<double> duration;          ///< seconds
  std::optional<std::string> video_codec;
  std::optional<std::string> pixel_format;
  std::optional<std::string> audio_codec;
  std::optional<std::int64_t> bit_rate_k;  ///< 1024 bit/s
  /// Of the first frame: "01:00:00:00"; "01:00:00;00" if numbers are left out (drop-frame). From the container, or from
  /// the first picture once it is decoded.
  std::optional<std::string> timecode;
  std::optional<std::string> container;  ///< FFmpeg's name: "mov,mp4,m4a,3gp,3g2,mj2"
  std::optional<double> start_s;         ///< when the first stream begins, on the container's clock
  /// The same with the sound before `start_s` that decoders need and players skip.
  std::optional<double> first_packet_s;
  /// In the order of the file, without the sound of other programs of a transport stream.
  std::vector<AudioStream> audio_streams;
};

}  // namespace transnet::inline TRANSNET_ABI
