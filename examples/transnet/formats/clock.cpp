#include "clock.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <cstdint>

namespace command {

std::string clock(double time_s) {
  const auto time_ms = static_cast<std::int64_t>(std::llround(time_s * 1e3));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", time_ms / 3'600'000, time_ms / 60'000 % 60, time_ms / 1'000 % 60,
                     time_ms % 1'000);
}

}  // namespace command
