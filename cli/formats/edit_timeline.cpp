// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_timeline.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "transnet/error.hpp"

namespace command {

EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                           const FormatOptions& options) {
  EditTimeline timeline{.rate = edit_rate_of(video.framerate)};
  auto first = options.start_timecode;
  if (const auto& source = video.metadata.timecode; source && !first) first = parse_timecode(*source);
  // A file may state a number that drop-frame timecode leaves out: it still tells the place.
  if (first && first->frame < timeline.rate.timebase) {
    timeline.rate.is_non_drop = !first->is_drop_frame;
    timeline.has_timecode = true;
    timeline.first_timecode = frame_at(*first, timeline.rate);
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

void check_start_timecode(const transnet::VideoClips& video, const FormatOptions& options) {
  if (!options.start_timecode) return;
  const auto mistake = timecode_mistake(*options.start_timecode, edit_rate_of(video.framerate));
  if (mistake.empty()) return;
  throw transnet::Error(transnet::ErrorCode::invalid_argument,
                        fmt::format("{}: {} {}: {}", video.video, format_option::start_timecode,
                                    to_string(*options.start_timecode), mistake));
}

}  // namespace command
