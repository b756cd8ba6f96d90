// SPDX-License-Identifier: Apache-2.0
#include "options/clip_format_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.hpp"
#include "options/option_kinds.hpp"

namespace command {
namespace {

using namespace format_option;

constexpr std::array all_names{no_audio, start_timecode, reel, title, max_count, every, grid_frames};

std::vector<std::string_view> formats_with(std::string_view option) {
  std::vector<std::string_view> names;
  for (const auto& format : formats()) {
    if (format.uses(option)) names.push_back(format.name);
  }
  return names;
}

Timecode timecode_in(const std::string& text) {
  const auto timecode = parse_timecode(text);
  const std::string option(start_timecode);
  constexpr int hours_of_a_day = 24;
  if (!timecode || timecode->hours >= hours_of_a_day)
    refuse(option, "'" + text + "' is no timecode: write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame");
  // A number that is left out at 29.97 frames a second is left out at all multiples of that rate.
  constexpr EditRate slowest_with_drop_frame{30, true};
  if (timecode->is_drop_frame && timecode->frame < slowest_with_drop_frame.timebase) {
    const auto mistake = timecode_mistake(*timecode, slowest_with_drop_frame);
    if (!mistake.empty()) refuse(option, text + ": " + mistake);
  }
  return *timecode;
}

void add_name(CLI::App& app, std::string_view option, std::string& name, const std::string& help) {
  const auto take = [option, &name](const std::string& text) {
    if (text.empty()) refuse(std::string(option), "it is empty");
    name = text;
  };
  app.add_option_function<std::string>(std::string(option), take, help)->type_name("TEXT");
}

void add_count(CLI::App& app, std::string_view option, std::int64_t& count, const std::string& help) {
  const auto take = [option, &count](const std::string& text) {
    count = parse_number<std::int64_t>(std::string(option), text);
    if (count < 1) refuse(std::string(option), "it must be 1 or more");
  };
  app.add_option_function<std::string>(std::string(option), take, help)->type_name("INT");
}

}  // namespace

void add_format_options(CLI::App& app, FormatOptions& options) {
  // The count is negative if "=false" turns the flag off.
  app.add_flag_function(
      std::string(no_audio), [&options](std::int64_t count) { options.has_audio = count <= 0; },
      "Leave the sound of the video out of timelines");
  add_start_timecode_option(app, options.start_timecode,
                            "Timecode of the first frame in timelines, HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame "
                            "(default: the source's)");
  add_name(app, reel, options.reel, "Name of the source's tape or card in timelines");
  add_name(app, title, options.title, "Title of timelines (default: the video's name)");
  add_count(app, max_count, options.max_chapters, "Most chapters in lists of chapters, evenly spaced");
  const auto take_distance = [&options](const std::string& text) {
    options.chapter_distance_s = parse_number<double>(std::string(every), text);
    if (!std::isfinite(options.chapter_distance_s) || options.chapter_distance_s <= 0.0) {
      refuse(std::string(every), "it must be a number of seconds above 0");
    }
  };
  app.add_option_function<std::string>(std::string(every), take_distance,
                                       "Shortest time between two chapters of a list, seconds")
      ->type_name("FLOAT");
  add_count(app, grid_frames, options.grid_frames, "Longest distance between two keyframes of a list, frames");
}

void add_start_timecode_option(CLI::App& app, std::optional<Timecode>& timecode, const std::string& help) {
  const auto take = [&timecode](const std::string& text) { timecode = timecode_in(text); };
  app.add_option_function<std::string>(std::string(start_timecode), take, help)->type_name("TIMECODE");
}

void check_format_options(const CLI::App& app, const OutputRequest& request) {
  const auto used = formats_of_files(request);
  for (const auto* format : used) {
    if (format->check_options != nullptr) format->check_options(request.format_options);
  }
  for (const auto option : all_names) {
    if (!is_given(app, std::string(option))) continue;
    if (std::ranges::any_of(used, [option](const Format* format) { return format->uses(option); })) continue;
    refuse(std::string(option),
           fmt::format("it has no effect on these outputs: it is for {}", fmt::join(formats_with(option), ", ")));
  }
}

}  // namespace command
