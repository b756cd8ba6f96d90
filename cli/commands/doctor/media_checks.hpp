// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/doctor/check.hpp"

namespace command {

[[nodiscard]] Check check_ffmpeg();

/// The decoders of the most common video formats.
[[nodiscard]] Check check_decoders();

/// The default encoders of `split`.
[[nodiscard]] Check check_encoders();

}  // namespace command
