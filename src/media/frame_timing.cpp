// SPDX-License-Identifier: Apache-2.0
#include "media/frame_timing.hpp"

#include <algorithm>
#include <cmath>

namespace transnet::media {

AVRational output_rate(const Demuxer& demuxer) {
  constexpr AVRational unknown_rate{25, 1};
  const AVRational rate = av_guess_frame_rate(&demuxer.format(), &demuxer.stream(), nullptr);
  return rate.num > 0 && rate.den > 0 ? rate : unknown_rate;
}

double output_position(std::int64_t stamp, AVRational time_base, AVRational rate) noexcept {
  if (stamp == no_stamp) return static_cast<double>(no_stamp);
  // The command rescales in whole numbers of a fraction of a frame, finer for low rates, and then moves off the middle
  // between two frames; whether a frame is repeated can depend on both.
  const int fraction_bits = std::clamp(29 - av_log2(static_cast<unsigned>(rate.num)), 0, 16);
  const AVRational unit{rate.den, static_cast<int>(static_cast<unsigned>(rate.num) << fraction_bits)};
  const std::int64_t units = av_rescale_q(stamp, time_base, unit);
  const double position = static_cast<double>(units) / static_cast<double>(1 << fraction_bits);
  constexpr double off_the_middle = 1.0 / (1 << 17);
  return position + (position > 0.0 ? off_the_middle : position < 0.0 ? -off_the_middle : 0.0);
}

double output_duration(const AVFrame& frame, AVRational time_base, AVRational rate) noexcept {
  const auto frames = static_cast<float>(static_cast<double>(frame_duration(frame)) * av_q2d(time_base) /
                                         av_q2d(AVRational{rate.den, rate.num}));
  return std::max(std::rint(static_cast<double>(frames)), 1.0);
}

}  // namespace transnet::media
