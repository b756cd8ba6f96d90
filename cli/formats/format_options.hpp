// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/edit_rate.hpp"
#include "formats/json_text.hpp"

namespace command {

/// The names of the options of formats, for the table of formats and for the command line.
namespace format_option {

inline constexpr std::string_view no_audio = "--no-audio";
inline constexpr std::string_view start_timecode = "--start-timecode";
inline constexpr std::string_view reel = "--reel";
inline constexpr std::string_view title = "--title";
inline constexpr std::string_view max_count = "--max-count";
inline constexpr std::string_view every = "--every";
inline constexpr std::string_view grid_frames = "--grid-frames";

}  // namespace format_option

/// The user's choices about the content of files. A format uses the ones that its row in the table names.
struct FormatOptions {
  bool has_audio = true;                   ///< timelines have the sound of the video
  std::optional<Timecode> start_timecode;  ///< of the first frame, in place of the source's
  std::string reel;                        ///< the name of the tape or card; empty: none
  std::string title;                       ///< of a timeline; empty: the name of the video
  std::int64_t max_chapters = 0;           ///< 0: as many as there are entries
  double chapter_distance_s = 0.0;         ///< chapters begin at least so far apart; 0: anywhere
  std::int64_t grid_frames = 0;            ///< keyframes are at most so far apart; 0: anywhere
};

/// Everything that can change a file.
[[nodiscard]] Json format_settings(const FormatOptions& options);

}  // namespace command
