// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "torch/checkpoint/torch_archive.hpp"

namespace transnet::model {

/// Tensors by their names.
using StateDict = std::map<std::string, at::Tensor>;

/// What a network expects of one tensor.
struct TensorSpec {
  std::string name;
  c10::ScalarType type = c10::ScalarType::Float;
  std::vector<std::int64_t> sizes;
};

/// Reads exactly the tensors of `specs`. The archive's index is compared with them before anything is allocated.
/// @throws Error(bad_weights) naming the first tensor that is missing, unexpected or of another type or shape.
[[nodiscard]] StateDict read_state_dict(const TorchArchive& archive, const std::vector<TensorSpec>& specs);

}  // namespace transnet::model
