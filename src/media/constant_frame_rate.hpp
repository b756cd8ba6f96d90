// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "media/ffmpeg.hpp"

namespace transnet::media {

/// Frames a second of raw video that the `ffmpeg` command would write from a stream; 25 where the stream does not say.
[[nodiscard]] AVRational output_rate(AVFormatContext& format, AVStream& stream);

/// Decides how often each picture is written so that the frames have a constant rate: the rule by which the `ffmpeg`
/// command writes raw video.
///
/// A picture is written as soon as it arrives. Where it lies so far ahead that frames are missing before it, part of
/// them repeats the picture before it.
class ConstantFrameRate {
 public:
  /// How often pictures are written when a picture has arrived.
  struct Copies {
    std::int64_t previous = 0;      ///< of the picture before it, first
    std::int64_t current = 0;       ///< of the picture itself
    bool replaces_previous = true;  ///< whether the picture is the previous one from now on
  };

  /// `time_base`: of the pictures' stamps. `keeps_initial_gap`: whether a first picture that does not start at zero is
  /// repeated back to it.
  ConstantFrameRate(AVRational rate, AVRational time_base, bool keeps_initial_gap)
      : rate_(rate), time_base_(time_base), keeps_initial_gap_(keeps_initial_gap) {}

  /// The picture's stamp and duration alone matter.
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
  std::int64_t next_position_ = 0;              // of the next frame that is written
  std::array<std::int64_t, 3> last_repeats_{};  // of the previous picture, at the last three arrivals
};

}  // namespace transnet::media
