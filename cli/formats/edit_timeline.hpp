// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

/// Frame rates and timecode of editing programs.
namespace command {

/// A whole number of frames per second, or for NTSC that number * 1000 / 1001.
struct EditRate {
  std::int64_t timebase = 25;
  bool is_ntsc = false;
  bool is_non_drop = false;  ///< the source's timecode has every number, also at 29.97

  [[nodiscard]] double frames_per_second() const;
  /// Timecode that leaves out numbers to stay in step with the clock: 29.97 and its multiples.
  [[nodiscard]] bool is_drop_frame() const { return is_ntsc && timebase % 30 == 0 && !is_non_drop; }
};

/// The nearest rate.
[[nodiscard]] EditRate edit_rate_of(double framerate);

/// "00:00:01:17"; "00:01:00;02" for a drop-frame rate. Hours go on beyond 23.
[[nodiscard]] std::string timecode(std::int64_t frame, const EditRate& rate);

/// The frame that `timecode` gives this text, whose separators do not matter; empty if it is no timecode of that rate.
[[nodiscard]] std::optional<std::int64_t> frame_at_timecode(const std::string& text, const EditRate& rate);

/// An entry from `start` to `end`, frames of the timeline.
struct EditEntry {
  ListedSpan entry;
  std::int64_t start = 0;
  std::int64_t end = 0;

  /// As `ListedSpan::first_frame_of_shot`.
  [[nodiscard]] std::int64_t first_frame_of_shot() const { return entry.probability ? end : start; }
};

/// A video on a timeline of its own length; every entry has the same time as in the video.
struct EditTimeline {
  EditRate rate;
  std::int64_t media_frames = 0;  ///< the length of the video
  bool has_source_timecode = false;
  std::int64_t first_timecode = 0;  ///< of frame 0, in frames: its timecode is `timecode(first_timecode, rate)`
  std::vector<EditEntry> entries;

  [[nodiscard]] std::int64_t end() const { return entries.empty() ? 0 : entries.back().end; }
};

/// If the rate is constant and close to a rate of editing programs, frames are those of the video. Otherwise they are
/// the nearest by time; an entry has at least one frame, and entries do not overlap. Timecode is the source's;
/// otherwise it begins at 00:00:00:00, as drop-frame if the rate has that.
[[nodiscard]] EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries);

}  // namespace command
