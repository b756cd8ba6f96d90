// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "transnet/clip_extractor.hpp"

namespace command {

/// The network's answers of a run that was cancelled as the bytes of a file (docs/cache.md). `key` identifies
/// everything that they depend on. Empty: they are too many.
[[nodiscard]] std::string encode_answers(const std::string& key, const transnet::NetworkAnswers& answers);

/// The answers from an entry. Empty: the bytes are damaged, cut off, of another key or anything else. Every claimed
/// size is checked against the number of bytes.
[[nodiscard]] std::optional<transnet::NetworkAnswers> decode_answers(std::string_view bytes, const std::string& key);

}  // namespace command
