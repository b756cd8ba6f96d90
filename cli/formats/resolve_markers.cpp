// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cstddef>
#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/media.hpp"
#include "formats/writers.hpp"

namespace command {

// The EDL that DaVinci Resolve exports and imports as timeline markers: a frame at each marker's place, and a line with
// its colour, name and length.
std::string write_resolve_markers(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                  const FormatOptions& options) {
  const auto timeline = edit_timeline(video, entries, options);
  auto text = fmt::format("TITLE: {}\nFCM: {}\n", timeline_title(video, options),
                          timeline.rate.is_drop_frame() ? "DROP FRAME" : "NON-DROP FRAME");
  std::size_t number = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    const auto in = timecode(timeline.first_timecode + start, timeline.rate);
    const auto out = timecode(timeline.first_timecode + start + 1, timeline.rate);
    text += fmt::format("\n{:03}  001      V     C        {} {} {} {}\n |C:ResolveColorBlue |M:{} |D:{}\n", ++number,
                        in, out, in, out, entry.label, end - start);
  }
  return text;
}

}  // namespace command
