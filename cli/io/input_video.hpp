// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "formats/list_columns.hpp"

namespace command {

/// A video that a run works on.
struct InputVideo {
  std::filesystem::path file;
  std::string id;       ///< its name in results, from the user or from a list; empty: the file as it was named
  ListColumns columns;  ///< of the list that names it
  std::size_t unsearched_folders = 0;  ///< of a folder without a video: its subfolders that may hold some

  /// In results.
  [[nodiscard]] const std::string& name() const noexcept { return id.empty() ? file.native() : id; }
};

}  // namespace command
