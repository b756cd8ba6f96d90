// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "nn/cpu/to_size.hpp"
#include "nn/layout.hpp"

namespace transnet::nn::cpu {

/// The dilated blocks are the layers, counted through all stacks.
inline constexpr int layer_count = static_cast<int>(block_count);
inline constexpr int most_reach_frames = 16;

// A layer processes time in chunks, so that the output of its spatial convolutions is still in the cache when its
// temporal convolutions read it. A ring keeps only the frames in reach.
inline constexpr int chunk_frames = 16;
[[nodiscard]] constexpr int ring_frames(int reach_frames) { return chunk_frames + 2 * reach_frames; }
inline constexpr int most_ring_frames = ring_frames(most_reach_frames);

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

/// How much further the output of each layer sees to each side than its input: the largest dilation of its branches.
using Reaches = std::array<int, layer_count>;

/// The frames of a window that have the same numbers as in the window half its length before. Every layer sees further
/// by its reach, and beyond an edge of its window it sees zeros instead of frames.
struct WindowOverlap {
  int half;         ///< half the frames of a window; 0 if the window is too short to share anything
  Reaches edges{};  ///< frames at each end of the shared half in which a layer's inputs differ

  WindowOverlap(int frame_count, const Reaches& reaches)
      : half(frame_count % 2 == 0 && frame_count / 2 >= ring_frames(std::ranges::max(reaches)) ? frame_count / 2 : 0) {
    for (std::size_t layer = 1; layer < edges.size(); ++layer) edges[layer] = edges[layer - 1] + reaches[layer - 1];
  }

  [[nodiscard]] FrameRange input_of(int layer) const {
    const int edge = edges[to_size(layer)];
    return edge < half - edge ? FrameRange{edge, half - edge} : FrameRange{};
  }
  /// The output of the last layer is returned and not kept.
  [[nodiscard]] FrameRange output_of(int layer) const {
    return layer + 1 < layer_count ? input_of(layer + 1) : FrameRange{};
  }
};

}  // namespace transnet::nn::cpu
