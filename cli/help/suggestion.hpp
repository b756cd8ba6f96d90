// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace command {

/// "; did you mean 'json'?" where `word` is nearly one of the words that are known, or the beginning of one. Otherwise
/// empty.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace command
