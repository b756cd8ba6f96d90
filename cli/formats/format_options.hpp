// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace format_option

/// The user's choices about the content of files. A format uses the ones that its row in the table names.
struct FormatOptions {
  bool has_audio = true;                   ///< timelines have the sound of the video
  std::optional<Timecode> start_timecode;  ///< of the first frame, in place of the source's
  std::string reel;                        ///< the name of the tape or card; empty: none
  std::string title;                       ///< of a timeline; empty: the name of the video
};

/// Everything that can change a file.
[[nodiscard]] Json format_settings(const FormatOptions& options);

}  // namespace command
