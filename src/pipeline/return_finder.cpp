// SPDX-License-Identifier: Apache-2.0
#include "pipeline/return_finder.hpp"

#include <algorithm>
#include <cstdlib>

namespace transnet::inline TRANSNET_ABI {
namespace {

// Both are chosen on the development edits of bench/accuracy: see bench/ACCURACY.md.
constexpr double most_of_largest = 0.3;  // the largest distance of a return, as a share of the largest difference
constexpr std::size_t least_change = 4;  // of 255 on average; smaller differences are noise

std::uint32_t difference(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += static_cast<std::uint32_t>(std::abs(first[i] - second[i]));
  return sum;
}

}  // namespace

void ReturnFinder::push(std::span<const std::uint8_t> frame) {
  const std::size_t number = in_return_.size();
  in_return_.push_back(false);
  const std::size_t oldest = number - std::min(number, longest_frames);
  for (std::size_t before = oldest; before < number; ++before) {
    Seen& seen = last_.at(before % longest_frames);
    const std::uint32_t now = difference(seen.rgb, frame);
    if (seen.largest >= least_change * frame.size() && now < most_of_largest * seen.largest) {
      // Of two neighbouring frames, a cut is the first: the frame before the change belongs to it.
      std::fill(in_return_.begin() + static_cast<std::ptrdiff_t>(before), in_return_.end() - 1, true);
    }
    seen.largest = std::max(seen.largest, now);
  }
  Seen& newest = last_.at(number % longest_frames);
  newest.rgb.assign(frame.begin(), frame.end());
  newest.largest = 0;
}

}  // namespace transnet::inline TRANSNET_ABI
