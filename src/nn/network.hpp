// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "transnet/shot_model.hpp"

namespace transnet::nn {

/// The frames of a window that are asked for: all 100, or those in its middle that a window answers for
/// (`window_context` and on, `window_stride` of them).
enum class Rows { all, kept };

/// Windows of one video, one after the other: uint8 [n, 100, 27, 48, 3].
struct WindowBatch {
  std::span<const std::uint8_t> windows;
  std::optional<std::int64_t> first_number;  ///< in the video, of the first one; empty: not known
  Precision precision = Precision::fp32;     ///< fp32 or bf16, one that the network has
  Rows rows = Rows::kept;
};

/// A network that is ready to run on its device. Immutable: any number of threads at once, each with a memory.
class Network {
 public:
  /// What the network keeps from window to window of one video. For one thread at a time.
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

  /// The precision that it was made to run in; `automatic`: fp32 and bf16.
  [[nodiscard]] virtual Precision precision() const noexcept = 0;

  /// How many windows `predict` takes best in one call.
  [[nodiscard]] virtual std::int64_t preferred_windows() const noexcept = 0;

  /// The network must outlive it.
  [[nodiscard]] virtual std::unique_ptr<Memory> make_memory() const = 0;

  /// Probabilities of both heads, [n * rows] each; `many_hot` is empty where there is no such head. `memory` is one of
  /// this network's; no bit of the answer depends on it.
  [[nodiscard]] virtual ShotProbabilities predict(const WindowBatch& batch, Memory& memory) const = 0;
};

}  // namespace transnet::nn
