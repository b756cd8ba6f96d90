// SPDX-License-Identifier: Apache-2.0
#include "io/output_ending.hpp"

#include <spdlog/fmt/fmt.h>

#include "run/exit_status.hpp"

namespace command {

void refuse_ending(const std::string& file, std::span<const std::string_view> endings) {
  throw UsageError(fmt::format("--output {}: the ending names no format: use one of {}, or name one with --format",
                               file, fmt::join(endings, ", ")));
}

}  // namespace command
