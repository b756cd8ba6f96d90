// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_timeline.hpp"

#include <algorithm>
#include <cmath>

namespace command {

EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  EditTimeline timeline{.rate = edit_rate_of(video.framerate)};
  if (const auto& source = video.metadata.timecode) {
    EditRate rate = timeline.rate;
    rate.is_non_drop = source->find(';') == std::string::npos;
    // A file may state a number that drop-frame timecode leaves out: it still tells the place.
    if (const auto first = parse_timecode(*source); first && first->frame < rate.timebase) {
      timeline.rate = rate;
      timeline.has_source_timecode = true;
      timeline.first_timecode = frame_at(*first, rate);
    }
  }
  double rate = timeline.rate.frames_per_second();
  // Some files state 29.97 or 23.98; their frames count as those of the exact rate.
  constexpr double near = 1e-3;
  if (video.is_constant_rate && std::abs(video.framerate / rate - 1.0) < near) rate = video.framerate;
  const auto length_at = [rate](double time_s) { return static_cast<std::int64_t>(std::llround(time_s * rate)); };
  const auto position_of = [&](double time_s) { return length_at(time_s - video.start_s); };
  for (const auto& entry : entries) {
    const auto start = std::max(timeline.end(), position_of(entry.start_s));
    timeline.entries.push_back({entry, start, std::max(start + 1, position_of(entry.end_s))});
  }
  timeline.media_frames = std::max(timeline.end(), length_at(video.duration_s));
  return timeline;
}

}  // namespace command
