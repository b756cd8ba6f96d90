// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/keyframes.hpp"
#include "formats/writers.hpp"

namespace command {

// The value of SvtAv1EncApp's option --force-key-frames: "0f,30f".
std::string write_svt_av1(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                          const FormatOptions& options) {
  std::string text;
  for (const auto frame : keyframes_of(video, entries, options))
    text += fmt::format("{}{}f", text.empty() ? "" : ",", frame);
  return text + "\n";
}

}  // namespace command
