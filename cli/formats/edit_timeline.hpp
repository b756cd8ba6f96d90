// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/edit_rate.hpp"
#include "formats/format_options.hpp"
#include "formats/listed_span.hpp"
#include "transnet/clips.hpp"

namespace command {

/// How the timeline of a video counts its frames.
struct EditCount {
  EditRate rate;
  double positions_a_second = 25.0;  ///< of the video itself where they are its frames
  double stated_rate = 25.0;         ///< for formats that take any rate: the video's where only its frames fit
  bool has_timecode = false;         ///< the source's or the user's
  std::int64_t first_timecode = 0;   ///< of frame 0, in frames: its timecode is `timecode(first_timecode, rate)`

  /// The position of a time from the first frame.
  [[nodiscard]] std::int64_t position_at(double time_s) const;
};

/// The positions in a video whose rate is constant, but of no editing program.
enum class EditPositions {
  by_time,    ///< the nearest by time, for timelines that play at the rate of the program
  of_frames,  ///< its frames, for lists that number the frames of the source
};

/// If the rate is constant and close to a rate of editing programs, positions are the frames of the video. At other
/// constant rates, `positions` decides. At a variable rate, they are the nearest by time. Timecode is the user's or the
/// source's; otherwise it begins at 00:00:00:00, as drop-frame if the rate has that.
[[nodiscard]] EditCount edit_count(double framerate, bool is_constant_rate,
                                   const std::optional<std::string>& source_timecode,
                                   const std::optional<Timecode>& start_timecode,
                                   EditPositions positions = EditPositions::by_time);

/// An entry from `start` to `end`, frames of the timeline.
struct EditEntry {
  ListedSpan entry;
  std::int64_t start = 0;
  std::int64_t end = 0;

  /// As `ListedSpan::first_frame_of_shot`.
  [[nodiscard]] std::int64_t first_frame_of_shot() const { return entry.probability ? end : start; }
};

/// A video on a timeline of its own length; every entry has the same time as in the video.
struct EditTimeline : EditCount {
  std::int64_t media_frames = 0;  ///< the length of the video
  std::vector<EditEntry> entries;

  [[nodiscard]] std::int64_t end() const { return entries.empty() ? 0 : entries.back().end; }
};

/// Counts as `edit_count`; an entry has at least one frame, and entries do not overlap.
[[nodiscard]] EditTimeline edit_timeline(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                                         const FormatOptions& options = {},
                                         EditPositions positions = EditPositions::by_time);

/// @throws transnet::Error(invalid_argument) if `--start-timecode` is no timecode of the video's rate.
void check_start_timecode(const transnet::VideoClips& video, const FormatOptions& options);

}  // namespace command
