// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_timeline.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>

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

std::optional<std::int64_t> frame_at_timecode(const std::string& text, const EditRate& rate) {
  std::int64_t hours = 0, minutes = 0, seconds = 0, number = 0;
  constexpr int parts = 4;
  if (std::sscanf(text.c_str(), "%" SCNd64 ":%" SCNd64 ":%" SCNd64 "%*1[:;]%" SCNd64, &hours, &minutes, &seconds,
                  &number) != parts) {
    return std::nullopt;
  }
  if (number >= rate.timebase) return std::nullopt;
  const std::int64_t all_minutes = hours * 60 + minutes;
  const std::int64_t frame = (all_minutes * 60 + seconds) * rate.timebase + number;
  const std::int64_t left_out = rate.is_drop_frame() ? rate.timebase / 15 * (all_minutes - all_minutes / 10) : 0;
  return frame - left_out;
}

EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries) {
  EditTimeline timeline{.rate = edit_rate_of(video.framerate)};
  if (const auto& source = video.metadata.timecode) {
    EditRate rate = timeline.rate;
    rate.is_non_drop = source->find(';') == std::string::npos;
    if (const auto first = frame_at_timecode(*source, rate)) {
      timeline.rate = rate;
      timeline.has_source_timecode = true;
      timeline.first_timecode = *first;
    }
  }
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
