// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace command {

/// What a file names: a path a line, byte for byte; by its ending, in whatever case, the `video` of an object a line
/// (`.jsonl`, `.ndjson`), of an object or of those in an array, which may hold the names themselves (`.json`), or the
/// column `video` in whatever case (`.csv`), where a video that is there several times counts once. Empty lines are
/// left out, and so is a byte order mark.
/// @throws UsageError where it names what cannot be a path, transnet::Error where it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> read_input_list(const std::filesystem::path& file);

}  // namespace command
