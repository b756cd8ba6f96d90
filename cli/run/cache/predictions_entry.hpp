// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "transnet/clips.hpp"

namespace command {

/// The network's probabilities for a completely read video as the bytes of a file (docs/cache.md). `key` identifies
/// everything that they depend on. Empty: they cannot be written losslessly.
[[nodiscard]] std::string encode_predictions(const std::string& key, const transnet::VideoPredictions& predictions);

/// The probabilities from an entry, under the video's present name. Empty: the bytes are damaged, cut off, of another
/// key or anything else. Every claimed size is checked against the number of bytes.
[[nodiscard]] std::optional<transnet::VideoPredictions> decode_predictions(std::string_view bytes,
                                                                           const std::string& key,
                                                                           const std::string& video);

}  // namespace command
