// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace transnet::media {

/// Decides how often each picture is written so that the frames have a constant rate: the rule by which the `ffmpeg`
/// command writes raw video. Knows numbers only; positions and durations are in output frames.
///
/// A picture is written as soon as it arrives. Where it lies so far ahead that frames are missing before it, part of
/// them repeats the picture before it.
class ConstantRate {
 public:
  /// What to write when a picture has arrived.
  struct Copies {
    std::int64_t previous = 0;      ///< of the picture before it, first
    std::int64_t current = 0;       ///< of the picture itself
    bool replaces_previous = true;  ///< whether the picture is the previous one from now on
  };

  /// `keeps_initial_gap`: whether a first picture that does not start at zero is repeated back to it.
  explicit ConstantRate(bool keeps_initial_gap) : keeps_initial_gap_(keeps_initial_gap) {}

  [[nodiscard]] Copies push(double position, double duration);
  /// Copies of the last picture to write at the end of the stream.
  [[nodiscard]] std::int64_t finish() const noexcept;

 private:
  void remember(std::int64_t repeats) noexcept;

  bool keeps_initial_gap_;
  bool has_previous_ = false;
  bool previous_was_dropped_ = false;
  std::int64_t written_ = 0;
  std::int64_t next_position_ = 0;              // of the next frame that is written
  std::array<std::int64_t, 3> last_repeats_{};  // of the previous picture, at the last three arrivals
};

}  // namespace transnet::media
