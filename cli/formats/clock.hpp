// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace command {

/// "00:00:01.680"; hours go on beyond 99.
[[nodiscard]] std::string clock_ms(std::int64_t time_ms);

[[nodiscard]] std::int64_t nearest_ms(double time_s);

/// For chapters, which cannot begin before 0: the first millisecond at or after `time_s`, when a player shows the frame
/// that begins at `time_s`. The nearest millisecond can lie before it, when the player still shows the last frame of
/// the previous shot. Matroska and ffmetadata have finer units, but MP4 and Matroska keep chapters or frames in
/// milliseconds.
[[nodiscard]] std::int64_t chapter_ms(double time_s);

}  // namespace command
