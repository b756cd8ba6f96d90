// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {

/// Runs the network over frames that come one by one, by the rule of `get_batches`. Keeps the frames of the windows to
/// come and nothing else.
///
/// With a frame step n above 1, only frames 0, n, 2n and so on reach the network, and each answer is given again for
/// the n - 1 frames behind its own.
///
/// With a model of both precisions and a threshold to decide at, windows run in bf16, and those that hold a frame near
/// the threshold once more in fp32: the decisions are those of fp32.
class WindowStream {
 public:
  WindowStream(const ShotModel& model, std::optional<double> decides_at, int frame_step);

  /// Adds a frame; runs the network where enough windows are full.
  void push(std::span<const std::uint8_t, frame_bytes> frame);

  /// Continues the video with copies of its last frame and answers for what is left. Without a frame: nothing.
  void finish();

  [[nodiscard]] std::int64_t answered_frames() const noexcept {
    return std::min(static_cast<std::int64_t>(answers_.single.size()) * frame_step_, pushed_frames_);
  }
  /// One value a frame, complete after `finish`.
  [[nodiscard]] ShotProbabilities take() &&;

 private:
  void fill_window();
  void run();
  void run_uncertain_again(ShotProbabilities& batch) const;
  void forget_frames();

  const ShotModel& model_;
  std::optional<double> decides_at_;   // empty: one precision alone
  std::vector<std::uint8_t> frames_;   // frames first_kept_ .. frame_count_, without a gap
  std::vector<std::uint8_t> windows_;  // full windows that wait for their batch
  ShotProbabilities answers_;
  std::int64_t frame_step_;
  std::int64_t pushed_frames_ = 0;
  std::int64_t first_kept_ = 0;
  std::int64_t frame_count_ = 0;  // that the network sees
  std::int64_t next_window_ = 0;
};

}  // namespace transnet::inline TRANSNET_ABI
