// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace command {

/// The words that do here what `word` does in PySceneDetect, or by habit: "transnet split VIDEO --what shots" for
/// "split-video", "--mode copy" for "--copy". Empty if there are none or the word is unknown.
[[nodiscard]] std::string_view counterpart_of(std::string_view word);

/// "; did you mean 'json'?" if `word` is similar to a known word or begins it; otherwise empty.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace command
