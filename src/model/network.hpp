#pragma once

#include <ATen/core/Tensor.h>

#include "transnet/shot_model.hpp"

namespace transnet::model {

/// What a network says of a batch of windows: probabilities [B, T] on its device. `many_hot` is undefined where there
/// is no such head.
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
  [[nodiscard]] virtual Heads forward(const at::Tensor& frames, Precision precision) const = 0;
};

}  // namespace transnet::model
