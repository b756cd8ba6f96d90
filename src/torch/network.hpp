// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "transnet/shot_model.hpp"

namespace transnet::model {

/// The frames of a window that are asked for: all T, or those in its middle that a window answers for (`window_context`
/// and on, `window_stride` of them).
enum class Rows { all, kept };

/// What a network says of a batch of windows: probabilities [B, rows] on its device. `many_hot` is undefined where
/// there is no such head.
struct Heads {
  at::Tensor single;
  at::Tensor many_hot;
};

/// A network that is ready to run. Immutable, any number of threads at once.
class Network {
 public:
  virtual ~Network() = default;
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// What it was made to run in; `automatic`: fp32 and bf16.
  [[nodiscard]] virtual Precision precision() const noexcept = 0;

  /// uint8 [B, T, 27, 48, 3] on the network's device, in fp32 or bf16, which must be one of `precision()`. Never waits
  /// for the device.
  [[nodiscard]] virtual Heads forward(const at::Tensor& frames, Precision precision, Rows rows) const = 0;
};

/// The rows of [B, T, ...] that are asked for; a view.
[[nodiscard]] inline at::Tensor select_rows(const at::Tensor& values, Rows rows) {
  return rows == Rows::all ? values : values.narrow(1, window_context, window_stride);
}

}  // namespace transnet::model
