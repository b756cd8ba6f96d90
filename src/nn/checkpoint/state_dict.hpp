// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/checkpoint/tensor.hpp"
#include "nn/checkpoint/torch_archive.hpp"

namespace transnet::nn {

/// The tensor that a network expects under a name.
struct TensorSpec {
  std::string name;
  ScalarType type = ScalarType::float32;
  std::vector<std::int64_t> sizes;
};

/// Reads exactly the tensors of `specs`. The archive's index is compared with them before anything is allocated.
/// @throws Error(bad_weights) naming the first tensor that is missing, unexpected, of another type or shape, or that
/// holds an infinite value or a NaN.
[[nodiscard]] StateDict read_state_dict(const TorchArchive& archive, const std::vector<TensorSpec>& specs);

}  // namespace transnet::nn
