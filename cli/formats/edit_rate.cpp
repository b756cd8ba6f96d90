// SPDX-License-Identifier: Apache-2.0
#include "formats/edit_rate.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace command {
namespace {

/// The first frame numbers of every minute that are left out, except in every tenth minute.
std::int64_t left_out_a_minute(const EditRate& rate) { return rate.timebase / 15; }

/// The digits of `text`, at least `least` and at most `most`; empty if it has others.
std::optional<std::int64_t> number_of_digits(std::string_view text, std::size_t least, std::size_t most) {
  constexpr std::string_view digits = "0123456789";
  if (text.size() < least || text.size() > most) return std::nullopt;
  if (text.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

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

std::string to_string(const Timecode& timecode) {
  return fmt::format("{:02}:{:02}:{:02}{}{:02}", timecode.hours, timecode.minutes, timecode.seconds,
                     timecode.is_drop_frame ? ';' : ':', timecode.frame);
}

std::optional<Timecode> parse_timecode(std::string_view text) {
  constexpr std::size_t shortest = 11;  // "HH:MM:SS:FF"
  if (text.size() < shortest || text[2] != ':' || text[5] != ':') return std::nullopt;
  if (text[8] != ':' && text[8] != ';') return std::nullopt;
  const auto hours = number_of_digits(text.substr(0, 2), 2, 2);
  const auto minutes = number_of_digits(text.substr(3, 2), 2, 2);
  const auto seconds = number_of_digits(text.substr(6, 2), 2, 2);
  const auto frame = number_of_digits(text.substr(9), 2, 3);
  if (!hours || !minutes || !seconds || !frame) return std::nullopt;
  if (*minutes > 59 || *seconds > 59) return std::nullopt;
  return Timecode{*hours, *minutes, *seconds, *frame, text[8] == ';'};
}

std::string timecode_mistake(const Timecode& timecode, const EditRate& rate) {
  if (timecode.is_drop_frame && !rate.may_drop()) {
    return fmt::format("{:.5g} frames a second have no drop-frame timecode", rate.frames_per_second());
  }
  if (timecode.frame >= rate.timebase) {
    return fmt::format("frames count from 0 to {} at {:.5g} a second", rate.timebase - 1, rate.frames_per_second());
  }
  const bool is_left_out =
      timecode.seconds == 0 && timecode.minutes % 10 != 0 && timecode.frame < left_out_a_minute(rate);
  return timecode.is_drop_frame && is_left_out ? "drop-frame timecode leaves this number out" : "";
}

std::int64_t frame_at(const Timecode& timecode, const EditRate& rate) {
  const std::int64_t minutes = timecode.hours * 60 + timecode.minutes;
  const std::int64_t number = (minutes * 60 + timecode.seconds) * rate.timebase + timecode.frame;
  return rate.is_drop_frame() ? number - left_out_a_minute(rate) * (minutes - minutes / 10) : number;
}

std::string timecode(std::int64_t frame, const EditRate& rate) {
  if (rate.is_drop_frame()) {
    const std::int64_t left_out = left_out_a_minute(rate);
    const std::int64_t minute = rate.timebase * 60 - left_out;
    const std::int64_t ten_minutes = minute * 10 + left_out;
    const std::int64_t minutes = std::max<std::int64_t>(0, frame % ten_minutes - left_out) / minute;
    frame += left_out * (9 * (frame / ten_minutes) + minutes);
  }
  const auto seconds = frame / rate.timebase;
  return to_string({seconds / 3600, seconds / 60 % 60, seconds % 60, frame % rate.timebase, rate.is_drop_frame()});
}

}  // namespace command
