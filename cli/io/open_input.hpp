// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>

namespace command {

/// Opens a file for reading. @throws transnet::Error: not_found, permission_denied, io.
[[nodiscard]] std::ifstream open_input(const std::filesystem::path& file);

}  // namespace command
