// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "transnet/abi.hpp"
#include "transnet/export.hpp"
#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::inline TRANSNET_ABI {

/// The network has answered for a frame once so many frames, itself included, have been pushed: a window of 100 frames
/// answers for the 50 in its middle. A frame step multiplies it, and so does a model that prefers several windows.
inline constexpr std::int64_t stream_latency_frames = window_stride + window_context;

/// How a stream runs the network.
struct ShotStreamOptions {
  int frame_step = 1;  ///< the network sees every N-th frame, and its answer counts for the N - 1 frames behind as well
  /// The threshold at which a model of precision `automatic` has to decide as fp32: windows run in bf16, and once more
  /// in fp32 where a probability is within `bf16_margin` of it. Empty: all windows run in fp32, where the model has it.
  std::optional<double> decides_at;
};

/// The network over the frames of one video, which are pushed one by one: a file, a camera, a pipe. It owns the memory
/// that it works in, so that windows that overlap share their work. Any number of streams share one model.
///
/// A stream is for one thread at a time. Where a call has thrown, the stream must not be used any more.
/// Source of the windows: soCzech/TransNetV2 `predict_frames`, as in `get_batches`.
class TRANSNET_API ShotStream {
 public:
  /// @throws Error(invalid_argument) for a null model or a frame step below 1.
  explicit ShotStream(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& options = {});
  ~ShotStream();
  ShotStream(ShotStream&&) noexcept;
  ShotStream& operator=(ShotStream&&) noexcept;

  /// Adds a frame, and runs the network if that fills enough windows (`ShotModel::preferred_windows`).
  /// @throws Error(invalid_argument) after `finish`.
  void push(std::span<const std::uint8_t, frame_bytes> frame);

  /// Ends the video: continues it with copies of its last frame and answers for all frames that are left. A second call
  /// does nothing.
  void finish();

  /// The answers that have come since the last call, one a frame and in the order of the frames. Without a many-hot
  /// head, `many_hot` is empty.
  [[nodiscard]] ShotProbabilities take();

  /// How many frames were pushed.
  [[nodiscard]] std::int64_t pushed_frames() const noexcept;
  /// How many of them have an answer, taken or not.
  [[nodiscard]] std::int64_t answered_frames() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The first head for all frames of a video: as the template of this name in `predictions.hpp`, and faster.
/// @throws as `ShotModel::predict`
[[nodiscard]] TRANSNET_API std::vector<float> get_probabilities(const ShotModel& model, FramesView frames);

}  // namespace transnet::inline TRANSNET_ABI
