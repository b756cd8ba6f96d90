// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace command {

/// "00:00:01.680"; hours go on beyond 99.
[[nodiscard]] std::string clock_ms(std::int64_t time_ms);
/// "00:00:01.680000000"
[[nodiscard]] std::string clock_ns(std::int64_t time_ns);

[[nodiscard]] std::int64_t nearest_ms(double time_s);

// For chapters, which cannot begin before 0.

[[nodiscard]] std::int64_t chapter_ns(double time_s);
/// The first millisecond at or after `time_s`, when a player shows the frame that begins at `time_s`. The nearest
/// millisecond can lie before it, when the player still shows the last frame of the previous shot.
[[nodiscard]] std::int64_t chapter_ms(double time_s);

}  // namespace command
