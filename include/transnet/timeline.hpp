// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"

namespace transnet::inline TRANSNET_ABI {

/// When the frames of a video are shown: seconds from its first frame.
///
/// A video is of constant rate where every frame starts within half a frame of k / framerate. Its times are exactly
/// k / framerate then, as the reference computes them; otherwise they are the time stamps.
class TRANSNET_API Timeline {
 public:
  /// @throws Error(invalid_argument) where the frame rate is not finite and positive.
  explicit Timeline(double framerate);
  ~Timeline();
  Timeline(const Timeline& other);
  Timeline& operator=(const Timeline& other);
  /// A timeline that was moved from can be assigned and destroyed, nothing else.
  Timeline(Timeline&&) noexcept;
  Timeline& operator=(Timeline&&) noexcept;

  /// A video of `frame_count` frames at k / framerate, the first with the time stamp `origin_s`. It is complete: `push`
  /// refuses to add to it.
  /// @throws Error(invalid_argument) as the constructor, and where `frame_count` is negative or `origin_s` not finite.
  [[nodiscard]] static Timeline constant_rate(double framerate, std::int64_t frame_count, double origin_s = 0.0);

  /// A timeline made again of what another one tells: where its frames start, seconds from the first, and the rest as
  /// the functions of the same names have it. It tells the same times then, to the bit.
  /// @throws Error(invalid_argument) as the constructor, and where the starts do not begin with 0 or go back, or a
  /// number is not finite.
  [[nodiscard]] static Timeline from_starts(double framerate, std::vector<double> starts_s, double last_duration_s,
                                            double origin_s);

  /// Adds a frame by its time stamp and the time for which it is shown, seconds; a duration of 0 is not known.
  /// A frame whose stamp is not a finite number after the one before, a repeated stamp for example, starts a frame
  /// later than the one before; a few such frames are spread evenly where the next good stamp leaves less room.
  /// @throws Error(invalid_argument) for a timeline that `constant_rate` made of frames.
  void push(double time_s, double duration_s);

  /// States the rate anew, where it is known only once the frames are there; `is_constant_rate` is decided again.
  /// @throws Error(invalid_argument) as the constructor; the timeline is untouched then.
  void set_framerate(double framerate);

  /// Frames that were added.
  [[nodiscard]] std::int64_t frame_count() const noexcept;
  /// Frames a second as stated, see `measured_framerate` for the rate of the time stamps.
  [[nodiscard]] double framerate() const noexcept;
  /// Whether every frame starts within half a frame of k / framerate.
  [[nodiscard]] bool is_constant_rate() const noexcept;
  /// The first frame's time stamp.
  [[nodiscard]] double origin_s() const noexcept;
  /// For how long the last frame is shown, as its file says; 0 = it does not say.
  [[nodiscard]] double last_duration_s() const noexcept;
  /// Frames a second by the time stamps, (n - 1) / (last - first); empty below two stamped frames.
  [[nodiscard]] std::optional<double> measured_framerate() const;

  /// Where frame `frame` starts; for `frame_count()` and beyond, where the last frame ends.
  [[nodiscard]] double start_s(std::int64_t frame) const;
  /// The first frame that starts at `time_s` or later, at most `frame_count()`.
  [[nodiscard]] std::int64_t first_frame_from(double time_s) const;
  /// The last frame that starts at `time_s` or earlier, at least 0; `frame_count()` where the video has ended by then.
  [[nodiscard]] std::int64_t last_frame_until(double time_s) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace transnet::inline TRANSNET_ABI
