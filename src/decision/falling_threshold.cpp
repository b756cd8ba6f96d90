// SPDX-License-Identifier: Apache-2.0
#include "decision/falling_threshold.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "transnet/scene_rows.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

/// Counts the transitions while frames are added to them, in any order: disjoint sets of neighbouring frames.
class TransitionCount {
 public:
  explicit TransitionCount(std::size_t frame_count) : parents_(frame_count, frame_count), are_found_(frame_count) {}

  /// Adds a frame that only extends a transition.
  void extend(std::size_t frame) {
    if (has(frame)) return;
    parents_[frame] = frame;
    if (frame > 0 && has(frame - 1)) join(frame - 1, frame);
    if (frame + 1 < parents_.size() && has(frame + 1)) join(frame, frame + 1);
  }

  /// Adds a frame that makes a transition.
  void add(std::size_t frame) {
    extend(frame);
    const auto set = set_of(frame);
    if (!are_found_[set]) ++count_;
    are_found_[set] = true;
  }

  [[nodiscard]] std::int64_t value() const noexcept { return count_; }

 private:
  [[nodiscard]] bool has(std::size_t frame) const { return parents_[frame] != parents_.size(); }

  [[nodiscard]] std::size_t set_of(std::size_t frame) {
    while (parents_[frame] != frame) frame = parents_[frame] = parents_[parents_[frame]];
    return frame;
  }

  void join(std::size_t frame, std::size_t neighbour) {
    const auto set = set_of(frame);
    const auto other = set_of(neighbour);
    if (are_found_[set] && are_found_[other]) --count_;
    are_found_[set] = are_found_[set] || are_found_[other];
    parents_[other] = set;
  }

  std::vector<std::size_t> parents_;  // the number of frames: the frame is in no set
  std::vector<bool> are_found_;       // of a set, under its first parent
  std::int64_t count_ = 0;
};

}  // namespace

double threshold_for(const VideoPredictions& predictions, std::int64_t count, double many_hot_threshold) {
  const auto& single = predictions.single;
  const auto& many_hot = predictions.many_hot;
  TransitionCount transitions(single.size());
  for (std::size_t frame = 0; frame < many_hot.size(); ++frame) {
    if (is_transition(many_hot[frame], many_hot_threshold)) transitions.extend(frame);
  }
  std::vector<std::size_t> frames(single.size());
  std::iota(frames.begin(), frames.end(), std::size_t{0});
  // Frames that are not known come last: NaN is in no order.
  std::ranges::stable_sort(frames, std::greater(),
                           [&single](std::size_t frame) { return std::isnan(single[frame]) ? -1.0F : single[frame]; });
  double threshold = 1.0;
  std::int64_t most = 0;
  for (auto frame = frames.begin(); frame != frames.end() && single[*frame] > 0.0F && most < count;) {
    const float probability = single[*frame];
    for (; frame != frames.end() && single[*frame] == probability; ++frame) transitions.add(*frame);
    if (transitions.value() <= most) continue;
    most = transitions.value();
    threshold = frame != frames.end() ? static_cast<double>(single[*frame]) : 0.0;
  }
  return threshold;
}

}  // namespace transnet::inline TRANSNET_ABI
