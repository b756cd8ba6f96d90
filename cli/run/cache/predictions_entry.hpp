// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "transnet/clips.hpp"

namespace command {

/// More than 300 hours of 60 frames a second.
inline constexpr std::size_t max_entry_bytes = std::size_t{1} << 30;

/// The network's answers for a video that was read to its end, as the bytes of a file (docs/cache.md). `key` stands for
/// all that they depend on. Empty: they cannot be written so that they are the same when read.
[[nodiscard]] std::string encode_predictions(const std::string& key, const transnet::VideoPredictions& predictions);

/// Those answers, under the name that the video has now. Empty: the bytes are damaged, cut off, of another key or
/// anything else. Nothing that they claim is believed before it was compared with their number.
[[nodiscard]] std::optional<transnet::VideoPredictions> decode_predictions(std::string_view bytes,
                                                                           const std::string& key,
                                                                           const std::string& video);

}  // namespace command
