// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_timeline.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

namespace command {

double EditRate::frames_per_second() const {
  return is_ntsc ? static_cast<double>(timebase) * 1000.0 / 1001.0 : static_cast<double>(timebase);
}

EditRate edit_rate_of(double framerate) {
  const EditRate whole{std::max<std::int64_t>(1, std::llround(framerate)), false};
  const EditRate ntsc{std::llround(framerate * 1.001), true};
  const auto distance = [framerate](const EditRate& rate) { return std::abs(rate.frames_per_second() - framerate); };
  const bool has_ntsc = ntsc.timebase > 0 && (ntsc.timebase % 24 == 0 || ntsc.timebase % 30 == 0);
  return has_ntsc && distance(ntsc) < distance(whole) ? ntsc : whole;
}

std::string timecode(std::int64_t frame, const EditRate& rate) {
  if (rate.is_drop_frame()) {
    // The first frame numbers of every minute are left out, except in every tenth minute.
    const std::int64_t left_out = rate.timebase / 15;
    const std::int64_t minute = rate.timebase * 60 - left_out;
    const std::int64_t ten_minutes = minute * 10 + left_out;
    const std::int64_t minutes = std::max<std::int64_t>(0, frame % ten_minutes - left_out) / minute;
    frame += left_out * (9 * (frame / ten_minutes) + minutes);
  }
  const auto seconds = frame / rate.timebase;
  return fmt::format("{:02}:{:02}:{:02}{}{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     rate.is_drop_frame() ? ';' : ':', frame % rate.timebase);
}

EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  EditTimeline timeline{edit_rate_of(video.framerate), 0, {}};
  double rate = timeline.rate.frames_per_second();
  // Some files state 29.97 or 23.98; their frames count as those of the exact rate.
  constexpr double near = 1e-3;
  if (video.is_constant_rate && std::abs(video.framerate / rate - 1.0) < near) rate = video.framerate;
  const auto length_at = [rate](double time_s) { return static_cast<std::int64_t>(std::llround(time_s * rate)); };
  const auto frame_at = [&](double time_s) { return length_at(time_s - video.start_s); };
  for (const auto& entry : entries) {
    const auto start = std::max(timeline.end(), frame_at(entry.start_s));
    timeline.entries.push_back({entry, start, std::max(start + 1, frame_at(entry.end_s))});
  }
  timeline.media_frames = std::max(timeline.end(), length_at(video.duration_s));
  return timeline;
}

}  // namespace command
