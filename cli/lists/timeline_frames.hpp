// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "formats/edit_timeline.hpp"
#include "lists/shot_list.hpp"

namespace command {

/// From the frames of an editing program's timeline to the ones of the video: the way back of `edit_timeline`.
class TimelineFrames {
 public:
  /// `video` must outlive it. @throws Mistake if the user's timecode does not fit the video's rate.
  explicit TimelineFrames(const ListedVideo& video);

  /// Frames a second of the timeline.
  [[nodiscard]] double rate() const noexcept { return count_.stated_rate; }
  /// The number of the video's first frame.
  [[nodiscard]] std::int64_t first_number() const noexcept { return count_.first_timecode; }
  /// The number of a frame by its timecode. @throws Mistake if it does not fit the video's rate, or drop-frame where
  /// the video's is not.
  [[nodiscard]] std::int64_t number_of(const std::string& place, const Timecode& timecode) const;
  /// The shot of the frames with the numbers [start, end). @throws Mistake if it begins before the video.
  [[nodiscard]] ListedShot shot(const std::string& place, std::int64_t start, std::int64_t end) const;

 private:
  /// The first frame of the video at or after a position on the timeline, counted from 0.
  [[nodiscard]] std::int64_t frame_at_position(std::int64_t position) const;

  const transnet::Timeline& timeline_;
  EditCount count_;
};

}  // namespace command
