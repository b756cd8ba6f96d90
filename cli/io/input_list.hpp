// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/input_video.hpp"

namespace command {

/// The columns of lists. If the user names one, each row is a video, and its other columns go to the results.
struct ListRequest {
  std::string path_column;  ///< empty: "video"
  std::string id_column;    ///< empty: none

  [[nodiscard]] bool has_columns() const noexcept { return !path_column.empty() || !id_column.empty(); }
};

struct InputList {
  std::vector<InputVideo> videos;
  std::vector<std::string> columns;  ///< the names of those that go to the results, in the order of the file
};

/// The videos that a file lists; its ending, in any case, selects the format:
/// - `.jsonl`, `.ndjson`: the path of one object per line;
/// - `.json`: the path of an object, or an array of such objects or of names;
/// - `.csv`: the column of the path, in any case; without a request for columns, a repeated video counts once;
/// - otherwise: one path per line, byte for byte, without lines that begin with "#".
/// Empty lines and a byte order mark are skipped.
/// @throws UsageError if an entry cannot be a path or a column is missing, transnet::Error if the file cannot be read.
[[nodiscard]] InputList read_input_list(const std::filesystem::path& file, const ListRequest& request);

}  // namespace command
