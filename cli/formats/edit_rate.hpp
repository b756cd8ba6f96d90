// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Frame rates and timecode of editing programs.
namespace command {

/// A whole number of frames per second, or for NTSC that number * 1000 / 1001.
struct EditRate {
  std::int64_t timebase = 25;
  bool is_ntsc = false;
  bool is_non_drop = false;  ///< the timecode has every number, also at 29.97

  [[nodiscard]] double frames_per_second() const;
  /// Whether the rate has timecode that leaves out numbers to stay in step with the clock: 29.97 and its multiples.
  [[nodiscard]] bool may_drop() const { return is_ntsc && timebase % 30 == 0; }
  [[nodiscard]] bool is_drop_frame() const { return may_drop() && !is_non_drop; }
};

/// The nearest rate.
[[nodiscard]] EditRate edit_rate_of(double framerate);

/// The number that a frame has.
struct Timecode {
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t frame = 0;
  bool is_drop_frame = false;  ///< written with a semicolon before the frame
};

/// As `parse_timecode` takes it.
[[nodiscard]] std::string to_string(const Timecode& timecode);

/// "01:00:00:00" or "01:00:00;00"; the frame may have three digits, and hours may go on
/// beyond 23. Empty if it is no timecode.
[[nodiscard]] std::optional<Timecode> parse_timecode(std::string_view text);

/// Why no frame of that rate has that number; empty if one has it. At a rate that may drop, the timecode says whether
/// it does.
[[nodiscard]] std::string timecode_mistake(const Timecode& timecode, const EditRate& rate);

/// The frame of that number, counted from the one of 00:00:00:00. `rate` says whether numbers are left out.
[[nodiscard]] std::int64_t frame_at(const Timecode& timecode, const EditRate& rate);

/// "00:00:01:17"; "00:01:00;02" for a drop-frame rate. Hours go on beyond 23.
[[nodiscard]] std::string timecode(std::int64_t frame, const EditRate& rate);

}  // namespace command
