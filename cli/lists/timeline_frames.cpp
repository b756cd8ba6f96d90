// SPDX-License-Identifier: Apache-2.0
#include "lists/timeline_frames.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ranges>

#include "io/mistake.hpp"

namespace command {

TimelineFrames::TimelineFrames(const ListedVideo& video)
    : timeline_(video.frames.timeline),
      count_(edit_count(timeline_.framerate(), timeline_.is_constant_rate(), video.frames.metadata.timecode,
                        video.start_timecode, EditPositions::of_frames)) {
  if (!video.start_timecode) return;
  const auto mistake = timecode_mistake(*video.start_timecode, count_.rate);
  if (!mistake.empty()) throw Mistake("--start-timecode " + to_string(*video.start_timecode), mistake);
}

std::int64_t TimelineFrames::number_of(const std::string& place, const Timecode& timecode) const {
  const auto mistake = timecode_mistake(timecode, count_.rate);
  if (!mistake.empty()) throw Mistake(place, to_string(timecode) + ": " + mistake);
  auto rate = count_.rate;
  rate.is_non_drop = !timecode.is_drop_frame;
  if (count_.has_timecode && rate.is_drop_frame() != count_.rate.is_drop_frame()) {
    const auto* const of_video = count_.rate.is_drop_frame() ? "drop-frame" : "non-drop-frame";
    throw Mistake(place, fmt::format("{}: the timecode of the video is {}", to_string(timecode), of_video));
  }
  return frame_at(timecode, rate);
}

ListedShot TimelineFrames::shot(const std::string& place, std::int64_t start, std::int64_t end) const {
  if (start < first_number()) {
    throw Mistake(place, fmt::format("{} lies before the first frame of the video, {}", timecode(start, count_.rate),
                                     timecode(first_number(), count_.rate)));
  }
  return {place, frame_at_position(start - first_number()), frame_at_position(end - first_number())};
}

std::int64_t TimelineFrames::frame_at_position(std::int64_t position) const {
  const auto position_of = [this](std::int64_t frame) { return count_.position_at(timeline_.start_s(frame)); };
  const auto end = timeline_.frame_count();
  // Behind the end, one frame for each.
  if (position > position_of(end)) return end + position - position_of(end);
  const auto frames = std::views::iota(std::int64_t{0}, end);
  const auto found = std::ranges::lower_bound(frames, position, {}, position_of);
  return found == frames.end() ? end : *found;
}

}  // namespace command
