// SPDX-License-Identifier: Apache-2.0
#include "commands/report/thumbnail_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "transnet/clips.hpp"

namespace command {
namespace {

// About 5 kB each: a browser still opens a report of 25 MB at once.
constexpr std::size_t most_thumbnails = 5000;

// Too low a probability for anybody to call it a transition.
constexpr float noise = 0.02F;

void add_middles(const transnet::VideoPredictions& predictions, double threshold, std::vector<std::int64_t>& frames) {
  for (const auto& shot : transnet::find_shots(predictions, {.threshold = threshold})) {
    frames.push_back((shot.start_frame + std::max(shot.start_frame, shot.end_frame - 1)) / 2);
  }
}

/// A lower threshold that also finds some of the next likely transitions, up to a bounded number.
double lower_threshold(const std::vector<float>& probabilities, double threshold, std::size_t shot_count) {
  std::vector<float> peaks;
  const auto at = [&](std::size_t frame) { return frame < probabilities.size() ? probabilities[frame] : 0.0F; };
  for (std::size_t frame = 0; frame < probabilities.size(); ++frame) {
    const float value = probabilities[frame];
    const bool is_peak = (frame == 0 || value > at(frame - 1)) && value >= at(frame + 1);
    if (is_peak && value > noise && value <= static_cast<float>(threshold)) peaks.push_back(value);
  }
  if (peaks.empty()) return threshold;
  const auto count = std::min(std::clamp<std::size_t>(shot_count / 4, 24, 250), peaks.size());
  const auto last = peaks.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::ranges::nth_element(peaks, last, std::greater<>());
  return std::nextafter(*last, 0.0F);
}

}  // namespace

std::vector<std::int64_t> thumbnail_frames(const transnet::VideoPredictions& predictions, double threshold) {
  std::vector<std::int64_t> frames;
  add_middles(predictions, threshold, frames);
  add_middles(predictions, lower_threshold(predictions.single, threshold, frames.size()), frames);
  std::ranges::sort(frames);
  const auto repeated = std::ranges::unique(frames);
  frames.erase(repeated.begin(), repeated.end());
  if (frames.size() <= most_thumbnails) return frames;
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < most_thumbnails; ++i) chosen.push_back(frames[i * frames.size() / most_thumbnails]);
  return chosen;
}

}  // namespace command
