// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transnet/clips.hpp"

namespace command {

/// "00:00:01.680"; hours go on beyond 99.
[[nodiscard]] std::string clock_ms(std::int64_t time_ms);

[[nodiscard]] std::int64_t nearest_ms(double time_s);

/// For chapters, which cannot begin before 0: the first millisecond at or after `time_s`, when a player shows the frame
/// that begins at `time_s`. The nearest millisecond can lie before it, when the player still shows the last frame of
/// the previous shot. Matroska and ffmetadata have finer units, but MP4 and Matroska keep chapters or frames in
/// milliseconds.
[[nodiscard]] std::int64_t chapter_ms(double time_s);

/// The last millisecond at or before `time_s`: for an end that must not reach into the next frame.
[[nodiscard]] std::int64_t end_ms(double time_s);

/// The programs that read lists of chapters, each with a zero of its own.
enum class ChapterReader {
  ffmpeg,    ///< counts from the start of the first stream
  mkvmerge,  ///< the same, with the sound that players skip; keeps the times of Matroska
  player,    ///< of a web page: keeps the times of MP4, QuickTime and Matroska
};

/// Seconds from the reader's zero to the video's first frame; 0 if the container is not known.
[[nodiscard]] double first_frame_s(ChapterReader reader, double origin_s, const transnet::VideoMetadata& metadata);

/// `chapter_ms` on the reader's clock of a time on the clock of the video's spans.
[[nodiscard]] std::int64_t chapter_ms(ChapterReader reader, const transnet::VideoClips& video, double time_s);
/// A cue or an annotation on the reader's clock: both ends are rounded up, and it lasts a millisecond at least.
struct CueTimes {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
};
[[nodiscard]] CueTimes cue_times(ChapterReader reader, const transnet::VideoClips& video, double start_s, double end_s);
/// The same as `chapter_ms` for `end_ms`.
[[nodiscard]] std::int64_t end_ms(ChapterReader reader, const transnet::VideoClips& video, double time_s);

}  // namespace command
