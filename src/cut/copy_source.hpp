// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "media/byte_source.hpp"
#include "media/deadline.hpp"
#include "transnet/decode_options.hpp"

namespace transnet::media {

/// As `open_file`, for copies, which read the video twice.
/// @throws Error: unsupported for a pipe, before waiting for its writer, and as `open_file`.
[[nodiscard]] std::unique_ptr<ByteSource> open_for_copies(const std::filesystem::path& video, Deadline& deadline,
                                                          const DecodeOptions& options);

}  // namespace transnet::media
