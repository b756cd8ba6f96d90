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

/// A frame has its answer after at most this many pushed frames, itself included: a window of 100 frames answers for
/// the 50 frames in its middle. A frame step multiplies this number, and so does a model that prefers several windows.
inline constexpr std::int64_t stream_latency_frames = window_stride + window_context;

/// Options of a stream.
struct ShotStreamOptions {
  int frame_step = 1;  ///< the network sees every N-th frame; its answer also counts for the next N - 1 frames
  /// The threshold at which a model of precision `automatic` must decide as fp32: windows run in bf16, and again in
  /// fp32 if a probability is within `bf16_margin` of the threshold. The second model of `ShotModel::mean_of` runs only
  /// in windows where it can change a decision; elsewhere, the first head is that of the first model alone. Empty: all
  /// windows run, in fp32 if the model has it.
  std::optional<double> decides_at;
  /// With `decides_at`: the same for the many-hot head in frames that may belong to a transition. Empty: no decision
  /// uses that head.
  std::optional<double> many_hot_decides_at;
  /// With `decides_at`: another threshold with which the first head is compared.
  std::optional<double> also_decides_at;
};

/// Runs the network on the frames of one video, which the caller pushes one by one: from a file, a camera or a pipe.
/// The stream owns its working memory, so that overlapping windows share their work: some 115 MB on the CPU in
/// precision `automatic`, less in the others. Any number of streams can share one model, which keeps the memory of
/// `ShotModelOptions::concurrent_calls` ended streams for the next ones.
///
/// Only one thread may use a stream at a time. After a call has thrown, the stream must not be used again.
/// Source of the windows: soCzech/TransNetV2 `predict_frames`, as in `get_batches`.
class TRANSNET_API ShotStream {
 public:
  /// @throws Error(invalid_argument) for a null model, a frame step below 1, or a threshold that is not within 0..1.
  explicit ShotStream(std::shared_ptr<const ShotModel> model, const ShotStreamOptions& options = {});
  ~ShotStream();
  ShotStream(ShotStream&&) noexcept;
  ShotStream& operator=(ShotStream&&) noexcept;

  /// Takes the answers of a stream that was broken off, of the same model, options and frames: while the same frames
  /// are pushed again, the network does not run for those that are answered.
  /// @throws Error(invalid_argument) after the first `push`, or if the heads have other numbers of answers.
  void resume(ShotProbabilities answers);

  /// Adds a frame, and runs the network if the frame completes enough windows (`ShotModel::preferred_windows`). The
  /// frame has the bytes of `ShotModelInfo::frame_size`: `frame_bytes`, unless the network is one of your own.
  /// @throws Error: bad_shape for another number of bytes, invalid_argument after `finish`.
  void push(std::span<const std::uint8_t> frame);

  /// Ends the video: continues it with copies of its last frame and computes the answers of all remaining frames. A
  /// second call does nothing.
  void finish();

  /// The answers since the last call, one per frame and in the order of the frames. Without a many-hot head, `many_hot`
  /// is empty.
  [[nodiscard]] ShotProbabilities take();

  /// Number of pushed frames.
  [[nodiscard]] std::int64_t pushed_frames() const noexcept;
  /// Number of pushed frames that have an answer, taken or not.
  [[nodiscard]] std::int64_t answered_frames() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The first head for all frames of a video: as the template of the same name in `predictions.hpp`, but faster.
/// @throws as `ShotModel::predict`
[[nodiscard]] TRANSNET_API std::vector<float> get_probabilities(const ShotModel& model, FramesView frames);

}  // namespace transnet::inline TRANSNET_ABI
