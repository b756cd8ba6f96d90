// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/doctor/check.hpp"

namespace command {

[[nodiscard]] Check check_ffmpeg();

/// The decoders of what most videos are in.
[[nodiscard]] Check check_decoders();

/// The encoders that `split` takes unless it is told others.
[[nodiscard]] Check check_encoders();

}  // namespace command
