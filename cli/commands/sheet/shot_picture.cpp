// SPDX-License-Identifier: Apache-2.0
#include "commands/sheet/shot_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "run/clip_images.hpp"

namespace command {
namespace {

// On a scale of 255. A frame of a fade to black has 5 or less of both, a dim scene more.
constexpr double least_contrast = 10.0;
constexpr double least_brightness = 20.0;

struct PictureLook {
  double contrast = 0.0;    // the standard deviation of the channel that varies most
  double brightness = 0.0;  // the mean of the brightest channel
};

PictureLook look_of(const transnet::Picture& picture) {
  constexpr std::size_t channels = 3;
  PictureLook look;
  const auto pixels = picture.rgb.size() / channels;
  if (pixels == 0) return look;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    std::uint64_t sum = 0;
    std::uint64_t squares = 0;
    for (std::size_t i = channel; i < picture.rgb.size(); i += channels) {
      const std::uint64_t value = picture.rgb[i];
      sum += value;
      squares += value * value;
    }
    const double mean = static_cast<double>(sum) / static_cast<double>(pixels);
    const double variance = static_cast<double>(squares) / static_cast<double>(pixels) - mean * mean;
    look.contrast = std::max(look.contrast, std::sqrt(std::max(0.0, variance)));
    look.brightness = std::max(look.brightness, mean);
  }
  return look;
}

}  // namespace

std::vector<std::int64_t> candidate_frames(const ListedSpan& entry) {
  // Frames at the ends may be mixed with the neighbouring shots.
  constexpr int spread = 7;
  auto frames = spread_frames(entry, 1);
  const auto all = spread_frames(entry, spread);
  if (std::ssize(all) == spread) frames.insert(frames.end(), all.begin() + 1, all.end() - 1);
  std::ranges::sort(frames);
  const auto repeated = std::ranges::unique(frames);
  frames.erase(repeated.begin(), repeated.end());
  return frames;
}

ShotPicture::ShotPicture(const ListedSpan& entry) : middle_(spread_frames(entry, 1).at(0)) {}

void ShotPicture::add(const transnet::Picture& picture) {
  if (is_settled_) return;
  const auto [contrast, brightness] = look_of(picture);
  const bool is_middle = picture.frame == middle_;
  is_settled_ = is_middle && contrast >= least_contrast && brightness >= least_brightness;
  const bool is_better = is_middle ? contrast >= best_contrast_ : contrast > best_contrast_;
  if (!is_settled_ && !is_better) return;
  best_ = picture;
  best_contrast_ = contrast;
}

}  // namespace command
