// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "nn/cpu/backbone.hpp"
#include "nn/cpu/conv_kernels.hpp"

namespace transnet::nn::cpu {

static_assert(branches == transnetv2::branch_count, "the kernels run all branches of a block at once");
inline constexpr int reach_frames = static_cast<int>(transnetv2::dilations.back());

// A layer processes time in chunks, so that the output of its spatial convolutions is still in the cache when its
// temporal convolutions read it. A ring keeps only the frames in reach.
inline constexpr int chunk_frames = 16;
inline constexpr int ring_frames = chunk_frames + 2 * reach_frames;

/// Frames [first, last) of a window.
struct FrameRange {
  int first = 0;
  int last = 0;

  [[nodiscard]] int count() const { return std::max(last - first, 0); }
  [[nodiscard]] bool contains(int frame) const { return first <= frame && frame < last; }

  /// The parts before and after `hole`.
  [[nodiscard]] std::array<FrameRange, 2> without(const FrameRange& hole) const {
    if (hole.count() == 0) return {*this, {last, last}};
    return {FrameRange{first, std::min(last, hole.first)}, FrameRange{std::max(first, hole.last), last}};
  }
};

/// The frames of a window that have the same numbers as in the window half its length before. Every layer sees
/// `reach_frames` further, and beyond an edge of its window it sees zeros instead of frames.
struct WindowOverlap {
  int half;  ///< half the frames of a window; 0 if the window is too short to share anything

  explicit WindowOverlap(int frame_count)
      : half(frame_count % 2 == 0 && frame_count / 2 >= ring_frames ? frame_count / 2 : 0) {}

  [[nodiscard]] FrameRange input_of(int layer) const {
    const int edge = layer * reach_frames;
    return edge < half - edge ? FrameRange{edge, half - edge} : FrameRange{};
  }
  /// The output of the last layer is returned and not kept.
  [[nodiscard]] FrameRange output_of(int layer) const {
    return layer + 1 < layer_count ? input_of(layer + 1) : FrameRange{};
  }
};

}  // namespace transnet::nn::cpu
