// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/keyframes.hpp"
#include "formats/writers.hpp"

namespace command {

// Source: Aegisub, src/keyframe.cpp. A rate of 0 says that the frames are the ones of the video that is open.
std::string write_aegisub(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                          const FormatOptions& options) {
  std::string text = "# keyframe format v1\nfps 0\n";
  for (const auto frame : keyframes_of(video, entries, options)) text += fmt::format("{}\n", frame);
  return text;
}

}  // namespace command
