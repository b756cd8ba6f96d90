#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet {

/// Runs the network over frames that come one by one, by the rule of `get_batches`. Keeps the frames of the windows to
/// come and nothing else.
class WindowStream {
 public:
  explicit WindowStream(const ShotModel& model) : model_(model) {}

  /// Adds a frame; runs the network where enough windows are full.
  void push(std::span<const std::uint8_t, frame_bytes> frame);

  /// Continues the video with copies of its last frame and answers for what is left. Without a frame: nothing.
  void finish();

  [[nodiscard]] std::int64_t answered_frames() const noexcept {
    return static_cast<std::int64_t>(answers_.single.size());
  }
  /// One value a frame, complete after `finish`.
  [[nodiscard]] ShotProbabilities take() && { return std::move(answers_); }

 private:
  void fill_window();
  void run();
  void forget_frames();

  const ShotModel& model_;
  std::vector<std::uint8_t> frames_;   // frames first_kept_ .. frame_count_, without a gap
  std::vector<std::uint8_t> windows_;  // full windows that wait for their batch
  ShotProbabilities answers_;
  std::int64_t first_kept_ = 0;
  std::int64_t frame_count_ = 0;
  std::int64_t next_window_ = 0;
};

}  // namespace transnet
