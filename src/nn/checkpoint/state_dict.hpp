// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/checkpoint/state_dict_pickle.hpp"
#include "nn/checkpoint/tensor.hpp"
#include "nn/checkpoint/torch_archive.hpp"

namespace transnet::nn {

/// A tensor that a network expects, with its name.
struct TensorSpec {
  std::string name;
  ScalarType type = ScalarType::float32;
  std::vector<std::int64_t> sizes;
};

/// The tensors that an archive lists, without what wrappers such as DistributedDataParallel put in front of every name.
/// @throws Error(bad_weights) if it holds something other than a state dict.
[[nodiscard]] std::vector<TensorEntry> read_tensor_index(const TorchArchive& archive);

/// Reads exactly the tensors of `specs`; floating-point numbers of another size become the expected float32. Compares
/// the archive's index with them before it allocates anything.
/// @throws Error(bad_weights) that names the first tensor that is missing, is unexpected, has another type or shape, or
/// holds an infinite value or a NaN.
[[nodiscard]] StateDict read_state_dict(const TorchArchive& archive, const std::vector<TensorEntry>& index,
                                        const std::vector<TensorSpec>& specs);

}  // namespace transnet::nn
