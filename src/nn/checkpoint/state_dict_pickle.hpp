// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/checkpoint/tensor.hpp"

namespace transnet::nn {

/// A tensor as a pickle describes it: the place of its elements, not the elements.
struct TensorEntry {
  std::string name;
  ScalarType type = ScalarType::float32;
  std::string storage;             ///< name of the record below data/
  std::int64_t storage_items = 0;  ///< elements in that record
  std::int64_t offset = 0;         ///< element at which the tensor starts
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};

/// The elements that one or more tensors of a pickle have a part of.
struct StorageEntry {
  std::string record;  ///< its name below data/
  ScalarType type = ScalarType::float32;
  std::int64_t items = 0;
};

/// The longest pickle that is read: the published one has 17 kB.
inline constexpr std::uint64_t max_pickle_bytes = 16U << 20U;

/// Reads the pickle of a state dict, alone or in a checkpoint of a training script, in its order. This is not a general
/// unpickler: it knows the opcodes with which `torch.save` writes tensors, numbers, texts, lists and dicts of them, and
/// the few names that such a pickle may call. It can build these and descriptions of tensors, but it cannot run
/// anything. Memory and time grow with the size of the pickle alone: a name has at most 1024 bytes, and there are at
/// most 100,000 tensors.
/// @throws Error(bad_weights) that names the first forbidden opcode, global or value; without the file's name.
[[nodiscard]] std::vector<TensorEntry> read_state_dict_pickle(std::span<const std::byte> pickle);

/// The length of the pickle with which `bytes` begins. Reads it by the same rules. @throws as above.
[[nodiscard]] std::size_t pickle_bytes(std::span<const std::byte> bytes);

/// The storages that a pickle names, each once, in its order. Reads it by the same rules. @throws as above.
[[nodiscard]] std::vector<StorageEntry> read_storages(std::span<const std::byte> pickle);

/// Reads a pickle that is a list of texts. @throws as above.
[[nodiscard]] std::vector<std::string> read_texts(std::span<const std::byte> pickle);

}  // namespace transnet::nn
