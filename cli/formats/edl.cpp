// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <string>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"

namespace command {

std::string write_edl(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  const auto timeline = edit_timeline(video, entries);
  const auto name = media_name(video);
  auto text =
      fmt::format("TITLE: {}\nFCM: {}\n", name, timeline.rate.is_drop_frame() ? "DROP FRAME" : "NON-DROP FRAME");
  std::size_t number = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    const auto in = timecode(timeline.first_timecode + start, timeline.rate);
    const auto out = timecode(timeline.first_timecode + end, timeline.rate);
    // AX: a source that is not a tape and has no number.
    text += fmt::format("\n{:03}  AX       V     C        {} {} {} {}\n* FROM CLIP NAME: {}\n* COMMENT: {}{}{}\n",
                        ++number, in, out, in, out, name, entry.label, entry.uuid.empty() ? "" : " ", entry.uuid);
  }
  return text;
}

}  // namespace command
