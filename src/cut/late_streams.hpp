// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "media/deadline.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// How a demuxer finds the streams that begin long after the pictures.
struct LateStreams {
  std::int64_t search_bytes = 0;    ///< for `Demuxer`; 0: there are no such streams
  std::optional<int> video_stream;  ///< the stream that is chosen without them; empty if there are none
};

/// The streams of an MPEG stream have no description apart from their packets, so the demuxer must reach the first of
/// them to know every stream when a clip begins. Reads such a file once without decoding. Streams are left out if the
/// demuxer would have to keep more than 128 MB until they begin, and in a pipe.
/// @throws Error as `Demuxer`.
[[nodiscard]] LateStreams find_late_streams(const std::filesystem::path& video, Deadline& deadline,
                                            const DecodeOptions& options);

}  // namespace transnet::media
