// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

/// The commands of GNU coreutils: the truth about hashes.
namespace transnet::test {

/// Texts of every length up to three blocks and of a long one, of all bytes.
inline std::vector<std::string> texts_to_hash() {
  std::vector<std::string> texts;
  std::uint32_t state = 1;
  for (std::size_t length = 0; length < 200; ++length) texts.emplace_back(length, '\0');
  texts.emplace_back(100'000, '\0');
  for (auto& text : texts) {
    for (auto& byte : text) byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  }
  return texts;
}

/// What `command`, sha1sum or sha256sum, says of each, in lower-case hexadecimal.
inline std::vector<std::string> hashes_by(const std::string& command, const std::vector<std::string>& texts) {
  const TempDir folder;
  std::vector<std::string> words{command};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    words.push_back((folder.path() / std::to_string(i)).string());
    write_file(words.back(), texts[i]);
  }
  std::istringstream lines(run_command(words).out);
  std::vector<std::string> hashes;
  for (std::string line; std::getline(lines, line);) hashes.push_back(line.substr(0, line.find(' ')));
  return hashes;
}

}  // namespace transnet::test
