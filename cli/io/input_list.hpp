// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace command {

/// The videos that a file lists; its ending, in any case, selects the format:
/// - `.jsonl`, `.ndjson`: the `video` of one object per line;
/// - `.json`: the `video` of an object, or an array of such objects or of names;
/// - `.csv`: the column `video`, in any case; a repeated video counts once;
/// - otherwise: one path per line, byte for byte.
/// Empty lines and a byte order mark are skipped.
/// @throws UsageError if an entry cannot be a path, transnet::Error if the file cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> read_input_list(const std::filesystem::path& file);

}  // namespace command
