// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// A unit of time stamps that all common containers keep or refine.
inline constexpr double default_tick_s = 1e-3;

/// When the frames of a video are shown: seconds from its first frame.
///
/// A video has a constant rate if every time stamp is k / framerate, rounded to a unit of the stamps. Its times are
/// then exactly k / framerate, as in the reference; otherwise they are the time stamps.
class TRANSNET_API Timeline {
 public:
  /// `tick_s`: the unit of the time stamps, seconds.
  /// @throws Error(invalid_argument) if one of them is not finite and positive.
  explicit Timeline(double framerate, double tick_s = default_tick_s);
  ~Timeline();
  Timeline(const Timeline& other);
  Timeline& operator=(const Timeline& other);
  /// A moved-from timeline can only be assigned and destroyed.
  Timeline(Timeline&&) noexcept;
  Timeline& operator=(Timeline&&) noexcept;

  /// A video of `frame_count` frames at k / framerate; the first has the time stamp `origin_s`. It is complete: `push`
  /// adds nothing to it.
  /// @throws Error(invalid_argument) as the constructor, and if `frame_count` is negative or `origin_s` not finite.
  [[nodiscard]] static Timeline constant_rate(double framerate, std::int64_t frame_count, double origin_s = 0.0);

  /// Rebuilds a timeline from another one's values: the starts of its frames, seconds from the first, and the results
  /// of the functions with the parameters' names. It gives bit-identical times.
  /// @throws Error(invalid_argument) as the constructor, and if the starts do not begin with 0 or decrease, or a number
  /// is not finite.
  [[nodiscard]] static Timeline from_starts(double framerate, std::vector<double> starts_s, double last_duration_s,
                                            double origin_s, double tick_s = default_tick_s);

  /// Adds a frame with its time stamp and duration, seconds; a duration of 0 means unknown.
  /// If the stamp is not a finite number after the previous one (a repeated stamp, for example), the frame starts one
  /// frame after its predecessor. Several such frames are spread evenly if the next good stamp leaves less room.
  /// @throws Error(invalid_argument) for a timeline with frames from `constant_rate`.
  void push(double time_s, double duration_s);

  /// Replaces the rate, for callers that know it only after all frames; `is_constant_rate` is decided again.
  /// @throws Error(invalid_argument) as the constructor; the timeline is then unchanged.
  void set_framerate(double framerate);

  /// Number of frames.
  [[nodiscard]] std::int64_t frame_count() const noexcept;
  /// Frames per second as stated; `measured_framerate` is the rate of the time stamps.
  [[nodiscard]] double framerate() const noexcept;
  /// Whether every frame starts within a tick of k / framerate.
  [[nodiscard]] bool is_constant_rate() const noexcept;
  /// The unit of the time stamps, seconds.
  [[nodiscard]] double tick_s() const noexcept;
  /// The first frame's time stamp.
  [[nodiscard]] double origin_s() const noexcept;
  /// Duration of the last frame, as its file states; 0 = unknown.
  [[nodiscard]] double last_duration_s() const noexcept;
  /// Frames per second by the time stamps, (n - 1) / (last - first); empty with fewer than two stamped frames.
  [[nodiscard]] std::optional<double> measured_framerate() const;

  /// Start of frame `frame`; for `frame_count()` and beyond, the end of the last frame.
  [[nodiscard]] double start_s(std::int64_t frame) const;
  /// The first frame that starts at `time_s` or later, at most `frame_count()`.
  [[nodiscard]] std::int64_t first_frame_from(double time_s) const;
  /// The last frame that starts at `time_s` or earlier, at least 0; `frame_count()` if the video has ended by then.
  [[nodiscard]] std::int64_t last_frame_until(double time_s) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace transnet::inline TRANSNET_ABI
