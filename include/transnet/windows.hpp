// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ranges>
#include <span>
#include <string>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/error.hpp"
#include "transnet/frames.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The network sees windows of 100 frames and gives the probabilities of the 50 in the middle.
inline constexpr std::int64_t window_frames = 100;
inline constexpr std::int64_t window_stride = 50;
inline constexpr std::int64_t window_context = 25;
/// Bytes of a window.
[[nodiscard]] constexpr std::size_t window_bytes_of(const FrameSize& size) noexcept {
  return window_frames * size.bytes();
}
/// Bytes of a window for the published networks.
inline constexpr std::size_t window_bytes = window_bytes_of({});

/// Number of windows that cover a video of `frame_count` frames.
[[nodiscard]] constexpr std::int64_t window_count(std::int64_t frame_count) noexcept {
  return (frame_count + window_stride - 1) / window_stride;
}

/// The frame in `row` of `window`. Copies of the first frame pad the front and copies of the last frame pad the end, so
/// that every window is full.
[[nodiscard]] constexpr std::int64_t window_frame(std::int64_t window, std::int64_t row,
                                                  std::int64_t frame_count) noexcept {
  return std::clamp<std::int64_t>(window * window_stride - window_context + row, 0, frame_count - 1);
}

/// Copies one window, uint8 [100, height, width, 3], to `out`. `frames` must not be empty, and `window` must be below
/// `window_count`.
/// @throws Error(bad_shape) if `out` has not the size of a window.
inline void copy_window(FramesView frames, std::int64_t window, std::span<std::uint8_t> out) {
  if (out.size() != window_bytes_of(frames.frame_size())) {
    throw Error(ErrorCode::bad_shape, std::to_string(out.size()) + " bytes for a window of " +
                                          std::to_string(window_bytes_of(frames.frame_size())) + " bytes");
  }
  for (std::int64_t row = 0; row < window_frames; ++row) {
    const auto frame = frames[window_frame(window, row, frames.size())];
    std::memcpy(out.data() + static_cast<std::size_t>(row) * frame.size(), frame.data(), frame.size());
  }
}

/// The windows of a video, one every 50 frames, as a lazy range of uint8 [100, height, width, 3] arrays: reading a
/// window copies it. The frames must outlive the range. Without frames, there is no window.
///
/// Source: soCzech/TransNetV2 `predict_frames`; NeMo Curator `_get_batches`, whose last window is 25 to 74 frames
/// short. Both document padding, so padding is the rule here.
[[nodiscard]] inline auto get_batches(FramesView frames) {
  return std::views::iota(std::int64_t{0}, window_count(frames.size())) |
         std::views::transform([frames](std::int64_t window) {
           std::vector<std::uint8_t> batch(window_bytes_of(frames.frame_size()));
           copy_window(frames, window, batch);
           return batch;
         });
}

}  // namespace transnet::inline TRANSNET_ABI
