// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <vector>

namespace transnet::libtorch {

/// A copy of the values, float32 on the CPU.
[[nodiscard]] inline at::Tensor to_tensor(const std::vector<float>& values, at::IntArrayRef sizes) {
  // LibTorch has no tensors over constant memory; this tensor is only read.
  return at::from_blob(const_cast<float*>(values.data()), sizes, at::kFloat).clone();
}

}  // namespace transnet::libtorch
