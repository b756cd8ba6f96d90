#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

namespace command {

/// Refuses two outputs in one file, and an output in an input.
class ClaimedFiles {
 public:
  explicit ClaimedFiles(std::span<const std::filesystem::path> inputs);

  /// These are inputs, too.
  void protect(std::span<const std::filesystem::path> inputs);

  /// @throws UsageError where `file` is an input, or was claimed before.
  void claim(const std::string& file);

 private:
  std::set<std::filesystem::path> inputs_;
  std::set<std::filesystem::path> outputs_;
};

}  // namespace command
