// SPDX-License-Identifier: Apache-2.0
// CMX 3600. An event is a line "NUMBER REEL CHANNELS EDIT [FRAMES] SOURCE_IN SOURCE_OUT RECORD_IN RECORD_OUT"; the
// lines below it are notes. The source's timecode says which frames of the video a shot has.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "formats/edit_timeline.hpp"
#include "formats/text.hpp"
#include "io/csv_rows.hpp"
#include "io/mistake.hpp"
#include "lists/shot_list.hpp"
#include "lists/timeline_frames.hpp"

namespace command {
namespace {

using EventWords = std::vector<std::string>;

enum class Numbering { unknown, drop_frame, non_drop_frame };

struct Event {
  std::string place;
  Timecode source_in;
  Timecode source_out;
  Timecode record_in;
  Timecode record_out;
  Numbering numbering = Numbering::unknown;  // by FCM
};

/// The source of an event: a reel, or the name of a file where there is no reel.
struct Source {
  std::string place;
  std::string name;
};

EventWords event_words(const std::string& line) {
  std::istringstream stream(line);
  EventWords words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_digits(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "A", "AA", "A2" and so on.
bool is_sound(std::string_view channel) {
  const auto letters = std::min(channel.find_first_not_of('a'), channel.size());
  return letters > 0 && (letters == channel.size() || is_digits(channel.substr(letters)));
}

/// "V", or "V1" and so on of programs with several tracks.
bool is_picture(std::string_view channel) {
  return channel.starts_with('v') && (channel.size() == 1 || is_digits(channel.substr(1)));
}

/// Whether an event has pictures. @throws Mistake for channels that are neither pictures nor sound.
bool has_pictures(const std::string& place, const std::string& channels) {
  const auto text = lower_case(channels);
  if (text == "b") return true;  // pictures and the first channel of sound
  if (text == "none") return false;
  bool found = false;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, '/');) {
    if (!is_picture(part) && !is_sound(part)) throw Mistake(place, fmt::format("unknown channels '{:.80}'", channels));
    found = found || is_picture(part);
  }
  return found;
}

bool is_black(const std::string& reel) {
  constexpr std::array names = {"bl", "black", "bars"};
  return std::ranges::find(names, lower_case(reel)) != names.end();
}

Timecode event_timecode(const std::string& place, const std::string& word) {
  const auto timecode = parse_timecode(word);
  if (!timecode) throw Mistake(place, fmt::format("'{:.80}' is no timecode HH:MM:SS:FF", word));
  return *timecode;
}

/// Reads line by line. A note without a meaning for shots is skipped.
class EventReader {
 public:
  void read(const std::string& place, const std::string& line) {
    const auto words = event_words(line);
    if (words.empty()) return;
    if (is_digits(words.front())) return read_event(place, words);
    if (lower_case(words.front()).starts_with("fcm:")) return read_numbering(place, line);
    if (words.front() == "M2") throw Mistake(place, "a change of speed cannot be cut out of the video");
    if (line.starts_with("* FROM CLIP NAME:")) return read_clip_name(place, line);
    const auto is_timecode = [](const std::string& word) { return parse_timecode(word).has_value(); };
    if (!line.starts_with('*') && std::ranges::count_if(words, is_timecode) >= 2) {
      throw Mistake(place, "an event begins with its number");
    }
  }

  [[nodiscard]] std::vector<Event> take() { return std::move(events_); }

 private:
  void read_event(const std::string& place, const EventWords& words) {
    constexpr std::size_t least = 8;  // with a cut
    is_in_pictures_ = false;
    if (words.size() > 2 && !has_pictures(place, words[2])) return;
    if (words.size() < least)
      throw Mistake(place, "an event has a number, a reel, channels, an edit and four timecodes");
    const auto& edit = words[3];
    if (lower_case(edit) != "c") {
      throw Mistake(place, fmt::format("the edit '{:.80}' is no cut (C): dissolves, wipes and keys mix shots", edit));
    }
    if (words.size() > least) throw Mistake(place, fmt::format("unexpected '{:.80}' in a cut", words[4]));
    Event event{place,
                event_timecode(place, words[4]),
                event_timecode(place, words[5]),
                event_timecode(place, words[6]),
                event_timecode(place, words[7]),
                numbering_};
    if (is_black(words[1])) return;
    check_source(place, reel_, words[1], "reels");
    events_.push_back(std::move(event));
    is_in_pictures_ = true;
  }

  /// "FCM: NON-DROP FRAME"; programs also write "NON DROP" and leave out spaces.
  void read_numbering(const std::string& place, const std::string& line) {
    auto text = lower_case(line.substr(line.find(':') + 1));
    std::erase_if(text, [](char c) { return c == ' ' || c == '-' || c == '\t'; });
    if (!text.starts_with("drop") && !text.starts_with("nondrop")) {
      throw Mistake(place, "FCM is DROP FRAME or NON-DROP FRAME");
    }
    numbering_ = text.starts_with("drop") ? Numbering::drop_frame : Numbering::non_drop_frame;
  }

  /// A reel tells sources apart, except AX, which stands for files.
  void read_clip_name(const std::string& place, const std::string& line) {
    if (!is_in_pictures_ || lower_case(reel_->name) != "ax") return;
    auto name = line.substr(line.find(':') + 1);
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    check_source(place, clip_name_, name, "clips");
  }

  static void check_source(const std::string& place, std::optional<Source>& known, const std::string& name,
                           const char* what) {
    if (!known) known = Source{place, name};
    if (known->name == name) return;
    throw Mistake(place, fmt::format("the list has the {} '{:.80}' ({}) and '{:.80}': a list is for one video", what,
                                     known->name, known->place, name));
  }

  std::vector<Event> events_;
  std::optional<Source> reel_;
  std::optional<Source> clip_name_;
  Numbering numbering_ = Numbering::unknown;
  bool is_in_pictures_ = false;  // the last event
};

/// CMX writes colons in drop-frame lists as well: FCM decides.
Timecode numbered(const std::string& place, Timecode timecode, Numbering numbering) {
  if (timecode.is_drop_frame && numbering == Numbering::non_drop_frame) {
    throw Mistake(place, "a timecode with a semicolon, which is drop-frame, in a list with FCM: NON-DROP FRAME");
  }
  timecode.is_drop_frame = timecode.is_drop_frame || numbering == Numbering::drop_frame;
  return timecode;
}

/// Frames of the source from its first timecode on.
std::pair<std::int64_t, std::int64_t> source_frames(const Event& event, const TimelineFrames& frames) {
  const auto at = [&](const Timecode& timecode) {
    return frames.number_of(event.place, numbered(event.place, timecode, event.numbering));
  };
  const auto start = at(event.source_in);
  const auto end = at(event.source_out);
  if (end - start != at(event.record_out) - at(event.record_in)) {
    throw Mistake(event.place, "source and record have different lengths: a change of speed, or another frame rate");
  }
  return {start, end};
}

}  // namespace

std::vector<ShotList> read_edl_shots(const std::string& text) {
  std::istringstream stream(without_byte_order_mark(text));
  EventReader reader;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    reader.read(line_place(++number), line);
  }
  auto events = reader.take();
  if (events.empty()) throw Mistake(line_place(number + 1), "the list has no event with pictures");
  ShotList list;
  list.shots = [events = std::move(events)](const ListedVideo& video) {
    const TimelineFrames frames(video);
    std::vector<ListedShot> shots;
    for (const auto& event : events) {
      const auto [start, end] = source_frames(event, frames);
      shots.push_back(frames.shot(event.place, start, end));
    }
    return shots;
  };
  std::vector<ShotList> lists;
  lists.push_back(std::move(list));
  return lists;
}

}  // namespace command
