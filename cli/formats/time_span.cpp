// SPDX-License-Identifier: Apache-2.0
#include "formats/time_span.hpp"

#include <spdlog/fmt/fmt.h>

#include "formats/clock.hpp"

namespace command {

Json span_json(const transnet::TimeSpan& span) {
  return {{"start_frame", span.start_frame},
          {"end_frame", span.end_frame},
          {"start_s", span.start_s},
          {"end_s", span.end_s}};
}

std::string part_line(const std::optional<transnet::TimeSpan>& part) {
  if (!part) return {};
  return fmt::format("analysed from {} to {}: frames {} to {}\n", clock_ms(nearest_ms(part->start_s)),
                     clock_ms(nearest_ms(part->end_s)), part->start_frame, part->end_frame - 1);
}

}  // namespace command
