// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/keyframes.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_qp(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                     const FormatOptions& options) {
  std::string text;
  for (const auto frame : keyframes_of(video, entries, options)) text += fmt::format("{} I -1\n", frame);
  return text;
}

}  // namespace command
