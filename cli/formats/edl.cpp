// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/edit_timeline.hpp"
#include "formats/format_options.hpp"
#include "formats/media.hpp"
#include "formats/text.hpp"
#include "formats/writers.hpp"
#include "run/exit_status.hpp"

namespace command {
namespace {

constexpr std::int64_t most_channels = 4;

/// The channels of an event: pictures, and the first two channels of sound.
std::string_view channels_of_event(std::int64_t channels) {
  if (channels == 0) return "V";
  return channels == 1 ? "B" : "AA/V";
}

/// The line after an event for its third and fourth channel of sound.
std::string further_channels(std::int64_t channels) {
  if (channels < 3) return "";
  return channels == 3 ? "AUD  3\n" : "AUD  3    4\n";
}

}  // namespace

void check_edl_options(const FormatOptions& options) {
  constexpr std::size_t most = 8;
  const auto is_allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  const auto& reel = options.reel;
  if (reel.size() > most || !std::ranges::all_of(reel, is_allowed)) {
    throw UsageError(fmt::format("--reel {}: edl takes names of at most {} letters and digits", printable(reel), most));
  }
  if (lower_case(reel) == "bl") throw UsageError(fmt::format("--reel {}: in edl, this is the name of black", reel));
}

std::string write_edl(const transnet::VideoClips& video, const std::vector<ListedSpan>& entries,
                      const FormatOptions& options) {
  const auto timeline = edit_timeline(video, entries, options, EditPositions::of_frames);
  const auto name = media_name(video);
  auto text = fmt::format("TITLE: {}\nFCM: {}\n", timeline_title(video, options),
                          timeline.rate.is_drop_frame() ? "DROP FRAME" : "NON-DROP FRAME");
  const auto channels = std::min(most_channels, channel_count(timeline_audio(video.metadata, options)));
  const auto further = further_channels(channels);
  // AX: a source that is not a tape and has no number.
  const std::string reel = options.reel.empty() ? "AX" : options.reel;
  std::size_t number = 0;
  for (const auto& [entry, start, end] : timeline.entries) {
    const auto in = timecode(timeline.first_timecode + start, timeline.rate);
    const auto out = timecode(timeline.first_timecode + end, timeline.rate);
    text += fmt::format("\n{:03}  {:8} {:5} C        {} {} {} {}\n{}* FROM CLIP NAME: {}\n* COMMENT: {}{}{}\n",
                        ++number, reel, channels_of_event(channels), in, out, in, out, further, name, entry.label,
                        entry.uuid.empty() ? "" : " ", entry.uuid);
  }
  return text;
}

}  // namespace command
