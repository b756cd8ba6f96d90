#pragma once

#include <string>

namespace command {

/// "00:00:01.680", the nearest millisecond; hours go on beyond 99.
[[nodiscard]] std::string clock(double time_s);

}  // namespace command
