// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_timeline.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "transnet/error.hpp"

namespace command {

std::int64_t EditCount::position_at(double time_s) const {
  // Times that lie half-way between two positions and differ by rounding have the same position.
  constexpr double margin = 1e-3;
  return static_cast<std::int64_t>(std::floor(time_s * positions_a_second + 0.5 + margin));
}

EditCount edit_count(double framerate, bool is_constant_rate, const std::optional<std::string>& source_timecode,
                     const std::optional<Timecode>& start_timecode, EditPositions positions) {
  EditCount count{.rate = edit_rate_of(framerate)};
  count.stated_rate = count.rate.frames_per_second();
  count.positions_a_second = count.stated_rate;
  // Some files state 29.97 or 23.98; their frames count as frames of the exact rate.
  constexpr double near = 1.1e-3;
  const bool is_near = std::abs(framerate / count.stated_rate - 1.0) < near;
  const bool counts_frames = is_constant_rate && (is_near || positions == EditPositions::of_frames);
  if (counts_frames) count.positions_a_second = framerate;
  if (counts_frames && !is_near) count.stated_rate = framerate;
  auto first = start_timecode;
  if (source_timecode && !first) first = parse_timecode(*source_timecode);
  // A file may state a number that drop-frame timecode leaves out: it still tells the place.
  if (first && first->frame < count.rate.timebase) {
    count.rate.is_non_drop = !first->is_drop_frame;
    count.has_timecode = true;
    count.first_timecode = frame_at(*first, count.rate);
  }
  return count;
}

EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                           const FormatOptions& options, EditPositions positions) {
  EditTimeline timeline{
      edit_count(video.framerate, video.is_constant_rate, video.metadata.timecode, options.start_timecode, positions)};
  for (const auto& entry : entries) {
    const auto start = std::max(timeline.end(), timeline.position_at(entry.start_s - video.start_s));
    const auto end = timeline.position_at(entry.end_s - video.start_s);
    timeline.entries.push_back({entry, start, std::max(start + 1, end)});
  }
  timeline.media_frames = std::max(timeline.end(), timeline.position_at(video.duration_s));
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
