// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "media/ffmpeg.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// As `open_file`, for copies, which read the video twice.
/// @throws Error: unsupported for a pipe, before waiting for its writer, and as `open_file`.
[[nodiscard]] std::unique_ptr<ByteSource> open_for_copies(const std::filesystem::path& video, Deadline& deadline,
                                                          const DecodeOptions& options);

/// A demuxer marks every packet of APNG as a keyframe, although its picture changes a part of the one before.
/// @throws Error(unsupported) for such a stream.
void require_pictures_of_their_own(const AVStream& video, const std::string& name);

}  // namespace transnet::media
