// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/writers.hpp"

namespace command {

std::string write_scenes_txt(const transnet::VideoClips&, const std::vector<ListedSpan>& entries) {
  std::string text;
  for (const auto& entry : entries) text += fmt::format("{} {}\n", entry.start_frame, entry.end_frame - 1);
  return text;
}

}  // namespace command
