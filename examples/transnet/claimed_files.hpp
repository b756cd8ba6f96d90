#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

namespace command {

/// What stands against writing a file.
enum class Claim { granted, is_input, is_taken };

/// Refuses two outputs in one file, and an output in an input. For one thread at a time.
class ClaimedFiles {
 public:
  explicit ClaimedFiles(std::span<const std::filesystem::path> inputs);

  /// These are inputs, too.
  void protect(std::span<const std::filesystem::path> inputs);

  /// The file is taken from now on, unless it is an input.
  [[nodiscard]] Claim try_claim(const std::filesystem::path& file);

  /// @throws UsageError where `file` is an input, or was claimed before.
  void claim(const std::string& file);

 private:
  std::set<std::filesystem::path> inputs_;
  std::set<std::filesystem::path> outputs_;
};

}  // namespace command
