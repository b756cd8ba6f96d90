// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nn/checkpoint/archive_record.hpp"

namespace transnet::nn {

/// The records in the order of the central directory. Own code, for two reasons: a library for all zip files brings a
/// dozen others into every program that ships the network, and it has to guess where files disagree with themselves.
/// This one refuses them: the directory must end where the end records start, which must be the last bytes; every
/// record's own header must repeat what the directory says; names are unique, and records do not overlap. Sizes beyond
/// 4 GB (zip64) are understood; comments of the archive, several disks and encrypted directories are not.
/// @throws Error(bad_weights) with the first thing that is wrong.
[[nodiscard]] std::vector<ArchiveRecord> read_zip_directory(std::span<const std::byte> container);

}  // namespace transnet::nn
