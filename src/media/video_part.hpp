// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>

#include "base/number_text.hpp"
#include "transnet/decode_options.hpp"
#include "transnet/error.hpp"
#include "transnet/timeline.hpp"

namespace transnet::media {

/// Whether the options name a part of a video, and not all of it.
[[nodiscard]] inline bool names_part(const DecodeOptions& options) noexcept {
  return options.start_s > 0.0 || options.end_s > 0.0;
}

/// @throws Error(invalid_argument): no frame of the video, which lasts `duration_s`, is in the part.
[[noreturn]] inline void refuse_part(const std::string& video, const DecodeOptions& options, double duration_s) {
  const auto end = options.end_s > 0.0 ? " and before " + number_text(options.end_s) + " s" : "";
  throw Error(ErrorCode::invalid_argument, video + ": no frame starts at " + number_text(options.start_s) +
                                               " s or later" + end + ": the video lasts " +
                                               number_text(thousandths(duration_s)) + " s");
}

/// Finds the frames of the part that options name. The part begins with the first frame that starts at `start_s` or
/// later, and ends before the first one after it that starts at `end_s` or later.
class VideoPart {
 public:
  enum class Place { before, inside, behind };

  explicit VideoPart(const DecodeOptions& options) : start_s_(options.start_s), end_s_(options.end_s) {}

  /// The place of the next frame. Frames must come in the order of the video, from the first one on.
  [[nodiscard]] Place place_of_next(double time_s) {
    if (std::isnan(origin_s_)) origin_s_ = time_s;
    const double start_s = time_s - origin_s_ + tolerance_s;
    if (place_ == Place::before && start_s >= start_s_) place_ = Place::inside;
    if (place_ == Place::inside && end_s_ > 0.0 && start_s >= end_s_) place_ = Place::behind;
    return place_;
  }

 private:
  // Stamps and written times are rounded: a frame that starts at 1.3347 s is named by 1.335, too.
  static constexpr double tolerance_s = default_tick_s + 1e-6;

  double start_s_;
  double end_s_;
  double origin_s_ = std::nan("");  // of the first frame, once it is there
  Place place_ = Place::before;
};

}  // namespace transnet::media
