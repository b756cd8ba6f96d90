// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace command {

/// Opens a file for reading. @throws transnet::Error: not_found, permission_denied, io.
[[nodiscard]] std::ifstream open_input(const std::filesystem::path& file);

/// The bytes of a file. @throws transnet::Error as `open_input`.
[[nodiscard]] std::string read_input(const std::filesystem::path& file);

}  // namespace command
