// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "transnet/frames.hpp"
#include "transnet/shot_model.hpp"
#include "transnet/windows.hpp"

namespace transnet::nn {

/// The requested frames of a window: all 100, or the `window_stride` frames from `window_context` on, for which the
/// window has the answer.
enum class Rows { all, kept };

/// The bounds between which the decision about a frame is open, as long as no rounding is larger than their distance.
struct DecisionBounds {
  double below = 0.0;           ///< a first head up to here decides against a transition
  double above = 1.0;           ///< a first head beyond it decides for one
  double many_hot_above = 1.0;  ///< a many-hot head beyond it makes the frame a part of the transition beside it
};

/// Consecutive windows of one video: uint8 [n, 100, height, width, 3].
struct WindowBatch {
  std::span<const std::uint8_t> windows;
  std::optional<std::int64_t> first_number;  ///< number of the first window in the video; empty: not known
  Precision precision = Precision::fp32;     ///< fp32 or bf16; the network must have it
  Rows rows = Rows::kept;
  bool only_many_hot = false;                             ///< the caller does not use `single`
  std::optional<DecisionBounds> decision = std::nullopt;  ///< the caller decides by them and uses `single` for no more
  FrameSize frame_size = {};                              ///< the network's

  [[nodiscard]] std::size_t count() const noexcept { return windows.size() / bytes_of(1); }
  /// `count` windows from `first` on.
  [[nodiscard]] std::span<const std::uint8_t> windows_of(std::size_t first, std::size_t count) const noexcept {
    return windows.subspan(bytes_of(first), bytes_of(count));
  }

 private:
  [[nodiscard]] std::size_t bytes_of(std::size_t count) const noexcept { return count * window_bytes_of(frame_size); }
};

/// A network that is ready to run on its device. Immutable: any number of threads at once, each with its own `Memory`.
class Network {
 public:
  /// Data that the network keeps from window to window of one video. For one thread at a time.
  class Memory {
   public:
    virtual ~Memory() = default;
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
  };

  virtual ~Network() = default;
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// The precision of the network; `automatic`: both fp32 and bf16.
  [[nodiscard]] virtual Precision precision() const noexcept = 0;

  /// The best number of windows for one call of `predict`.
  [[nodiscard]] virtual std::int64_t preferred_windows() const noexcept = 0;

  /// The network must outlive the memory.
  [[nodiscard]] virtual std::unique_ptr<Memory> make_memory() const = 0;

  /// Probabilities of both heads, [n * rows] each; `many_hot` is empty if there is no such head. This network must have
  /// made `memory`; no bit of the answer depends on it.
  [[nodiscard]] virtual ShotProbabilities predict(const WindowBatch& batch, Memory& memory) const = 0;
};

}  // namespace transnet::nn
