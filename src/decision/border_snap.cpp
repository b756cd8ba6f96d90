// SPDX-License-Identifier: Apache-2.0
#include "transnet/border_snap.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <optional>
#include <string>

#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

void require_ascending(std::span<const std::int64_t> frames, const std::string& name) {
  if (!frames.empty() && frames.front() < 0) {
    throw Error(ErrorCode::invalid_argument, name + ": frame " + std::to_string(frames.front()) + " is negative");
  }
  const auto found = std::ranges::adjacent_find(frames, std::greater_equal());
  if (found == frames.end()) return;
  throw Error(ErrorCode::invalid_argument, name + ": frame " + std::to_string(*std::next(found)) + " follows frame " +
                                               std::to_string(*found) + ", but the frames must ascend");
}

std::int64_t nearest(std::span<const std::int64_t> frames, std::int64_t border) {
  const auto next = std::ranges::lower_bound(frames, border);
  if (next == frames.begin()) return *next;
  const auto previous = *std::prev(next);
  return next != frames.end() && *next - border < border - previous ? *next : previous;
}

}  // namespace

void validate(const BorderSnap& snap) {
  if (snap.within_frames < 0) {
    throw Error(ErrorCode::invalid_argument,
                "within_frames is " + std::to_string(snap.within_frames) + ", it must be 0 or more");
  }
  require_ascending(snap.frames, "frames to snap to");
}

std::vector<std::int64_t> snap_borders(std::span<const std::int64_t> borders, const BorderSnap& snap) {
  validate(snap);
  require_ascending(borders, "borders");
  std::vector<std::int64_t> snapped(borders.begin(), borders.end());
  if (snap.frames.empty()) return snapped;
  // Nearest frames ascend with the borders, so the borders that share one are neighbours.
  std::optional<std::size_t> holder;  // the border that has the given frame of the border before
  for (std::size_t i = 0; i < borders.size(); ++i) {
    const auto frame = nearest(snap.frames, borders[i]);
    const auto distance = std::abs(frame - borders[i]);
    if (distance > snap.within_frames) continue;
    if (holder && snapped[*holder] == frame) {
      if (distance >= std::abs(frame - borders[*holder])) continue;
      snapped[*holder] = borders[*holder];
    }
    snapped[i] = frame;
    holder = i;
  }
  return snapped;
}

}  // namespace transnet::inline TRANSNET_ABI
