// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nn/checkpoint/archive_record.hpp"

namespace transnet::nn {

/// Whether `file` begins as `torch.save` began before PyTorch 1.6, and as it begins today where it is called with
/// `_use_new_zipfile_serialization=False`.
[[nodiscard]] bool has_legacy_layout(std::span<const std::byte> file) noexcept;

/// The records of such a file, named as in the zip container that replaced it: data.pkl, and data/KEY for each storage.
/// The file is a sequence without a directory: five pickles (a number, the version of the layout, facts about the
/// machine, the objects, the keys of the storages), then for each key the number of elements and the elements. The size
/// of the file bounds the memory.
/// @throws Error(bad_weights) with the first thing that is wrong.
[[nodiscard]] std::vector<ArchiveRecord> read_legacy_layout(std::span<const std::byte> file);

}  // namespace transnet::nn
