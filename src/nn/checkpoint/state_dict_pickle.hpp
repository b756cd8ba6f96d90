// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/checkpoint/tensor.hpp"

namespace transnet::nn {

/// A tensor as a pickle describes it: where its elements lie, not the elements.
struct TensorEntry {
  std::string name;
  ScalarType type = ScalarType::float32;
  std::string storage;             ///< name of the record below data/
  std::int64_t storage_items = 0;  ///< elements in that record
  std::int64_t offset = 0;         ///< element at which the tensor starts
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};

/// Reads the pickle of a state dict, in its order. This is no general unpickler: it knows the opcodes with which
/// `torch.save` writes a dict of tensors and the four kinds of names that such a pickle may call; it can build tuples,
/// dicts and descriptions of tensors and has no means to run anything. Memory is bounded by the size of the pickle.
/// @throws Error(bad_weights) that names the first opcode, global or value that does not belong there; without the
/// file's name.
[[nodiscard]] std::vector<TensorEntry> read_state_dict_pickle(std::span<const std::byte> pickle);

}  // namespace transnet::nn
