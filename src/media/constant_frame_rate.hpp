// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Frame rate of the raw video that the `ffmpeg` command would write from a stream; 25 if the stream states none.
[[nodiscard]] AVRational output_rate(AVFormatContext& format, AVStream& stream);

/// Decides how often each picture is written to give a constant rate, by the rule of the `ffmpeg` command for raw
/// video.
///
/// A picture is written as soon as it arrives. If frames are missing before it, some of them repeat the previous
/// picture.
class ConstantFrameRate {
 public:
  /// How often pictures are written when a picture arrives.
  struct Copies {
    std::int64_t previous = 0;      ///< of the previous picture, written first
    std::int64_t current = 0;       ///< of the picture itself
    bool replaces_previous = true;  ///< whether the picture becomes the previous one
  };

  /// `time_base`: of the pictures' stamps. `keeps_initial_gap`: whether a first picture that does not start at zero is
  /// repeated from zero on.
  ConstantFrameRate(AVRational rate, AVRational time_base, bool keeps_initial_gap)
      : rate_(rate), time_base_(time_base), keeps_initial_gap_(keeps_initial_gap) {}

  /// Uses only the picture's stamp and duration.
  [[nodiscard]] Copies push(const AVFrame& picture);
  /// Copies of the last picture to write at the end of the stream.
  [[nodiscard]] std::int64_t finish() const noexcept;

 private:
  [[nodiscard]] double position_of(std::int64_t stamp) const noexcept;
  [[nodiscard]] double duration_of(const AVFrame& picture) const noexcept;
  [[nodiscard]] Copies place(double position, double duration);
  void remember(std::int64_t repeats) noexcept;

  AVRational rate_;
  AVRational time_base_;
  bool keeps_initial_gap_;
  bool has_previous_ = false;
  bool previous_was_dropped_ = false;
  std::int64_t written_ = 0;
  std::int64_t next_position_ = 0;              // of the next written frame
  std::array<std::int64_t, 3> last_repeats_{};  // of the previous picture, at the last three arrivals
};

}  // namespace transnet::media
