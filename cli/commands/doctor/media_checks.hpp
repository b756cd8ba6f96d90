// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "commands/doctor/check.hpp"

namespace command {

[[nodiscard]] Check check_ffmpeg();

/// The decoders of what most videos are in.
[[nodiscard]] Check check_decoders();

/// The encoders that `split` takes unless it is told others; empty where the command is built without it.
[[nodiscard]] std::optional<Check> check_encoders();

}  // namespace command
