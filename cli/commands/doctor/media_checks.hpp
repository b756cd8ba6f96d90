// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "commands/doctor/check.hpp"

namespace command {

[[nodiscard]] Check check_ffmpeg();

/// The decoders of the most common video formats.
[[nodiscard]] Check check_decoders();

/// The default encoders of `split`; empty if the command is built without `split`.
[[nodiscard]] std::optional<Check> check_encoders();

}  // namespace command
