#pragma once

#include <filesystem>
#include <vector>

namespace command {

/// What a file names: a path a line, byte for byte; by the endings `.jsonl` and `.ndjson`, the `video` of an object a
/// line; by `.csv`, the column `video`. Empty lines are left out.
/// @throws UsageError where it names what cannot be a path, transnet::Error where it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> read_input_list(const std::filesystem::path& file);

}  // namespace command
