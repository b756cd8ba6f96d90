// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace command {

/// The file that "-" stands for where an input is named.
inline constexpr const char* standard_input = "/dev/stdin";

[[nodiscard]] inline std::filesystem::path named_input(const std::filesystem::path& word) {
  return word == "-" ? standard_input : word;
}

/// Opens a file for reading. @throws transnet::Error: not_found, permission_denied, io.
[[nodiscard]] std::ifstream open_input(const std::filesystem::path& file);

/// @throws transnet::Error(io) if reading has failed. `file`: the name for the message.
void check_read(const std::istream& stream, const std::filesystem::path& file);

/// The remaining bytes. @throws transnet::Error as `check_read`.
[[nodiscard]] std::string read_to_end(std::istream& stream, const std::filesystem::path& file);

/// The bytes of a file. @throws transnet::Error as `open_input` and `check_read`.
[[nodiscard]] std::string read_input(const std::filesystem::path& file);

}  // namespace command
