// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string>
#include <vector>

#include "formats/writers.hpp"

namespace command {

std::string write_qp(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    // The frame after a transition begins a shot.
    const auto frame = entry.probability ? entry.end_frame : entry.start_frame;
    if (frame < video.frame_count) text += fmt::format("{} I -1\n", frame);
  }
  return text;
}

}  // namespace command
