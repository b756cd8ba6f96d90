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

// Of chapters, which cannot begin before 0.

[[nodiscard]] std::int64_t chapter_ns(double time_s);
/// The first millisecond from `time_s` on, at which a player shows the frame that begins at `time_s`. The nearest one
/// may lie before, where it shows the frame before: the last one of another shot.
[[nodiscard]] std::int64_t chapter_ms(double time_s);

}  // namespace command
