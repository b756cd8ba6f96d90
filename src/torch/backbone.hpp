// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace transnet::model {

/// What the convolutions hand to the classifier, for windows [B, T].
struct BackboneFeatures {
  at::Tensor pixels;  ///< [B, T, 3 * 6 * 256]: the last stack's picture, channels last
  at::Tensor means;   ///< [B, T, 64 + 128 + 256]: the mean over the picture of every stack
};

/// The three stacks of convolutions, by far the largest part of the network. Immutable, any number of threads at once.
class Backbone {
 public:
  virtual ~Backbone() = default;
  Backbone() = default;
  Backbone(const Backbone&) = delete;
  Backbone& operator=(const Backbone&) = delete;

  /// uint8 [B, T, 27, 48, 3] on the backbone's device. Never waits for the device.
  [[nodiscard]] virtual BackboneFeatures run(const at::Tensor& frames) const = 0;
};

}  // namespace transnet::model
